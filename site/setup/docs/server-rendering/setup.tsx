import type { ReactNode } from 'react'

export { renderToString } from 'react-dom/server'

export declare const App: () => ReactNode
export declare const html: (text: string) => Response
