import type { Setting } from './setting.ts'

/** A host that is measured, in a process of its own. */
export interface FanoutHost {
  readonly port: number
  /** Makes one change, and has it sent. */
  update(variant: number): void
}

/** Starts a host that is ready for viewers. */
export type StartFanoutHost = (setting: Setting) => Promise<FanoutHost>
