import { type Client, createClient, type DataStream } from '@rivulet/client'
import { CameraPainted, CameraVideo } from '../../../src/generated/schema.ts'

// The page of streams-in-chromium.node.test.ts: functions for the test to call.

/** Where the engine is to run. */
export type Where = 'worker' | 'blob-worker' | 'inline' | 'custom'

/** What the page has heard, as data that can leave it. */
export interface PageReport {
  readonly mode: string
  readonly state: string
  readonly sequences: readonly number[]
  /** Units whose payload was not what their number says. */
  readonly wrong: number
  readonly lost: number
  readonly painted: readonly number[]
  readonly hadCanvas: boolean
  /** The red of the canvas's first pixel. */
  readonly pixel: number
  readonly errors: readonly string[]
}

const sequences: number[] = []
const painted: number[] = []
const errors: string[] = []
let wrong = 0
let lost = 0
let hadCanvas = true
let client: Client | undefined
let stream: DataStream | undefined
let canvas: HTMLCanvasElement | undefined

const own = (): Worker => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })

/** Where a worker's file cannot be loaded, the engine starts from a Blob. */
function forbidFiles(): void {
  const Real = Worker
  globalThis.Worker = class extends Real {
    constructor(url: URL | string, options?: WorkerOptions) {
      super(String(url).startsWith('blob:') ? url : '/nothing.js', options)
    }
  }
}

function open({ url, where }: { readonly url: string; readonly where: Where }): void {
  if (where === 'blob-worker') forbidFiles()
  const worker = where === 'inline' ? 'inline' : where === 'custom' ? own : 'auto'
  client = createClient({ url, worker, graceMs: 20, onError: (error) => errors.push(error.message) })
  if (where === 'custom') {
    canvas = document.body.appendChild(document.createElement('canvas'))
    const offscreen = canvas.transferControlToOffscreen()
    stream = client.stream(CameraPainted, 'bow', {
      onStart: (post) => post({ canvas: offscreen }, [offscreen]),
      onUnit: () => errors.push('a unit crossed to the page'),
      onMessage(message) {
        const one = message as { readonly painted: number; readonly hasCanvas: boolean }
        painted.push(one.painted)
        hadCanvas &&= one.hasCanvas
      },
    })
    return
  }
  stream = client.stream(CameraVideo, 'bow', {
    onUnit({ sequence, payload }, info) {
      const n = Number(sequence)
      sequences.push(n)
      lost += info.lost
      if (payload.length !== 65_536 || payload[0] !== n % 256 || payload[65_535] !== n % 256) wrong++
    },
  })
}

async function report(): Promise<PageReport> {
  return {
    mode: (await client?.mode) ?? '',
    state: stream?.status.get().state ?? '',
    sequences,
    wrong,
    lost,
    painted,
    hadCanvas,
    pixel: canvas === undefined ? -1 : await pixelOf(canvas),
    errors,
  }
}

async function pixelOf(from: HTMLCanvasElement): Promise<number> {
  const bitmap = await createImageBitmap(from)
  const copy = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
  copy?.drawImage(bitmap, 0, 0)
  return copy?.getImageData(0, 0, 1, 1).data[0] ?? -1
}

/** Blocks the page's thread. */
function stall(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end) void 0
}

Object.assign(globalThis, { openStream: open, report, stall, closeStream: () => stream?.close() })
