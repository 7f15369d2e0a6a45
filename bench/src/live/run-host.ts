import { type Child, startChild } from '../harness/child.ts'
import { type Line } from '../harness/line.ts'
import { type Relay, startRelay } from '../harness/relay.ts'
import type { LiveHostName, Setting } from './live-host.ts'

/** A host in a process of its own, with a relay before it. */
export interface RunningHost {
  readonly host: Child
  readonly relay: Relay
  /** Where viewers connect. */
  readonly url: string
  close(): Promise<void>
}

/** Starts it. Ask it for `change`, `stream` and `empty`. */
export async function runHost(name: LiveHostName, setting: Setting, line?: Line): Promise<RunningHost> {
  const host = startChild(new URL('host-process.ts', import.meta.url), [name])
  try {
    const relay = await startRelay(await host.ask<number>('start', { name, setting }), line)
    return {
      host,
      relay,
      url: `http://127.0.0.1:${relay.port}`,
      async close() {
        await relay.close()
        await host.close()
      },
    }
  } catch (error) {
    await host.close()
    throw error
  }
}
