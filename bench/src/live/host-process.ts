import { answerParent } from '../harness/child.ts'
import type { LiveHost, LiveHostName, Setting, StartLiveHost } from './live-host.ts'

/** The process of a host. Only what it serves with is loaded into it. */
const starts: Readonly<Record<LiveHostName, () => Promise<StartLiveHost>>> = {
  rivulet: async () => (await import('./hosts/rivulet.ts')).startRivulet,
  'rivulet, sessions': async () => (await import('./hosts/rivulet.ts')).startRivuletSessions,
  colyseus: async () => (await import('../resume/colyseus-host.ts')).startColyseus,
  json: async () => (await import('./hosts/json.ts')).startJson,
}

let host: LiveHost | undefined
let changes = 0
let timer: NodeJS.Timeout | undefined

function change(): void {
  host?.change(changes++)
}

async function untilConnected(enough: (count: number) => boolean): Promise<void> {
  while (!enough(host?.connected() ?? 0)) await new Promise((resolve) => setTimeout(resolve, 2))
}

answerParent({
  async start({ name, setting }: { name: LiveHostName; setting: Setting }) {
    host = await (await starts[name]())(setting)
    return host.port
  },
  /** Makes `count` changes, each in a turn of its own; answers how many have been made since the start. */
  async change(count: number) {
    for (let i = 0; i < count; i++) {
      change()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return changes
  },
  /** Changes from now on, this often; again with 0: no more. Answers how many have been made. */
  stream(perSecond: number) {
    clearInterval(timer)
    if (perSecond === 0) return changes
    const start = performance.now()
    let due = 0
    // Timers are late; what they have missed is made up for, so that the rate is kept.
    timer = setInterval(() => {
      for (; due <= ((performance.now() - start) * perSecond) / 1000; due++) change()
    }, 4)
    return changes
  },
  /** Resolves once nobody is connected. */
  empty: () => untilConnected((count) => count === 0),
})
