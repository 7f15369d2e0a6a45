import { answerParent } from '../harness/child.ts'
import { collectGarbage, processorMs } from '../hosts/processor-time.ts'
import { hosts } from './hosts.ts'
import type { ResumeHost, Setting } from './resume-host.ts'

let host: ResumeHost | undefined
let round = 0

answerParent({
  async start({ contestant, setting }: { contestant: string; setting: Setting }) {
    const start = await hosts[contestant]?.()
    host = await start?.(setting)
    return host?.port
  },
  async change(count: number) {
    for (let i = 0; i < count; i++) {
      host?.change(round++)
      await new Promise((resolve) => setImmediate(resolve))
    }
  },
  /** Resolves once nobody is connected. */
  async empty() {
    while ((host?.connected() ?? 0) > 0) await new Promise((resolve) => setTimeout(resolve, 1))
  },
  /** Bytes in use, after a collection. */
  memory() {
    collectGarbage()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  },
  processorMs,
})
