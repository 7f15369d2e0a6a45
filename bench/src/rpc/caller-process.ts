import { answerParent } from '../harness/child.ts'
import { type Call, callers } from './callers.ts'

let call: Call | undefined
let asked = 0

async function timed(make: Call): Promise<number> {
  const n = ++asked
  const start = performance.now()
  const answer = await make({ text: 'how deep is berth 7?', n })
  const ms = performance.now() - start
  if (answer.n !== n + 1) throw new Error(`the answer to ${n} was ${answer.n}`)
  return ms
}

answerParent({
  async connect({ contestant, port }: { contestant: string; port: number }) {
    call = await callers[contestant]?.(port)
  },
  /** Makes `calls` calls, `inFlight` at a time. Returns how long each took, and all together. */
  async run({ calls, inFlight }: { calls: number; inFlight: number }) {
    const make = call
    if (make === undefined) throw new Error('nobody is connected')
    const latencies: number[] = []
    let left = calls
    const lane = async (): Promise<void> => {
      while (left-- > 0) latencies.push(await timed(make))
    }
    const start = performance.now()
    await Promise.all(Array.from({ length: inFlight }, lane))
    return { latencies, ms: performance.now() - start }
  },
})
