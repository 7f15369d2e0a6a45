import { createClient } from '@rivulet/client'
import { decodeUnit } from '@rivulet/wire'
import { Painted, Video } from '../generated/schema.ts'
import type { Endpoint, ReaderName } from './format.ts'

// The page of the streams benchmark: starts one reader, counts, and says when a count is reached.

interface Start {
  readonly reader: ReaderName
  readonly host: string
  readonly endpoint: Endpoint
}

let units = 0
let sum = 0
let wanted = Infinity
let reached: () => void = () => undefined
/** Asks whoever counts elsewhere. */
let ask: (count: number) => void = () => undefined

function count(payload: Uint8Array): void {
  units++
  // Whoever reads a unit looks at it.
  sum += payload[0] ?? 0
  if (units >= wanted) reached()
}

// Nothing may be dropped here: what is measured is the cost of all units.
const roomy = { maxUnits: 1_000_000, maxBytes: 2 ** 30 }

const readers: Readonly<Record<ReaderName, (start: Start) => void>> = {
  rivulet({ host }) {
    createClient({ url: host }).stream(Video, 'k', { ...roomy, onUnit: ({ payload }) => count(payload) })
  },
  'rivulet, own worker'({ host }) {
    const worker = (): Worker => new Worker(new URL('./own-worker.ts', import.meta.url), { type: 'module' })
    const stream = createClient({ url: host, worker }).stream(Painted, 'k', { ...roomy, onMessage: () => reached() })
    ask = (n) => void stream.post(n)
  },
  'WebSocket on the page'({ endpoint }) {
    const socket = new WebSocket(endpoint.url, ['rsd1', endpoint.token])
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('message', ({ data }) => count(decodeUnit(data).payload))
  },
  'WebSocket in a worker, copied'({ endpoint }) {
    const worker = new Worker(new URL('./copying-worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<{ readonly payload: Uint8Array }>) =>
      count(data.payload),
    )
    worker.postMessage(endpoint)
  },
}

Object.assign(globalThis, {
  startReader: (start: Start) => readers[start.reader](start),
  /** Resolves when `n` units have been read in all. */
  untilRead: (n: number) =>
    new Promise<number>((done) => {
      reached = () => done(sum)
      wanted = n
      if (units >= n) reached()
      ask(n)
    }),
})
