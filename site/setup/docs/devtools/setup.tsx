import type { ReactNode } from 'react'

export declare const App: () => ReactNode
