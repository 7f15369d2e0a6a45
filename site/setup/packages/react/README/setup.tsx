import type { ReactNode } from 'react'

export declare const Fleet: () => ReactNode
export declare const knots: (speed: number | undefined) => string
