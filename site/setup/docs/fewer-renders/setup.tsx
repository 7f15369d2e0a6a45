import type { ReactNode } from 'react'

export declare const HeavyChart: (props: { readonly id: string }) => ReactNode
