import { answerParent } from '../harness/child.ts'
import { collectGarbage, processorMs } from '../hosts/processor-time.ts'
import type { FanoutHost, StartFanoutHost } from './fanout-host.ts'
import { type Setting, variants } from './setting.ts'

/** The process of a host: `host-process.ts <contestant>`. Only what it serves with is loaded into it. */
const starts: Readonly<Record<string, () => Promise<StartFanoutHost>>> = {
  rivulet: async () => (await import('./hosts/rivulet.ts')).startRivulet,
  'socket.io': async () => (await import('./hosts/socket-io.ts')).startSocketIo,
  colyseus: async () => (await import('./hosts/colyseus.ts')).startColyseus,
  ws: async () => (await import('./hosts/ws.ts')).startWs,
}

let host: FanoutHost | undefined
let done = 0

answerParent({
  async start({ contestant, setting }: { contestant: string; setting: Setting }) {
    const start = await starts[contestant]?.()
    host = await start?.(setting)
    return host?.port
  },
  /** Makes `count` updates, each in a turn of its own, so that no two leave in one go because of the benchmark. */
  async push(count: number) {
    for (let i = 0; i < count; i++) {
      host?.update(done++ % variants)
      await new Promise((resolve) => setImmediate(resolve))
    }
  },
  collect: collectGarbage,
  processorMs,
})
