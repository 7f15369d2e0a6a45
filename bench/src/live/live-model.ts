import type { ComponentType, ReactNode } from 'react'

/** What a row shows. */
export interface Position {
  readonly x: number
  readonly y: number
}

/** A live world under one library, in a React application. */
export interface LiveModel {
  /** The library's recommended hook for one entity; `undefined` while it is not there. */
  readonly useEntity: (id: string) => Position | undefined
  /** Around the rows, where the library wants a provider. */
  readonly Provider?: ComponentType<{ children: ReactNode }>
  close(): Promise<void> | void
}

/** Connects to the host at `url`. */
export type OpenLive = (url: string) => Promise<LiveModel> | LiveModel
