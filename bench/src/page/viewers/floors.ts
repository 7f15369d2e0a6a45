import type { Viewer } from '../viewer.ts'

/** A page that does nothing: what this browser spends on any page. */
export const emptyPage: Viewer = {
  name: 'empty page',
  packageName: null,
  ours: false,
  note: 'the floor; not connected',
  format: null,
  start: () => undefined,
}

/** A page that does nothing in every frame: what a page that shows live data spends before it has any. */
export const emptyFrames: Viewer = {
  name: 'empty page, every frame',
  packageName: null,
  ours: false,
  note: 'not connected, an empty requestAnimationFrame',
  format: null,
  start() {
    const next = (): void => void requestAnimationFrame(next)
    next()
  },
}

const posting = `
let answered = true
setInterval(() => {
  if (!answered) return
  answered = false
  const buffer = new ArrayBuffer(80)
  postMessage({ buffer }, [buffer])
}, 1000 / 60)
addEventListener('message', () => { answered = true })
`

/** Ten numbers from a worker as often as deltas come, each message answered: what messages cost by themselves, whatever is in them. */
export const bareWorker: Viewer = {
  name: 'bare worker',
  packageName: null,
  ours: false,
  note: 'not connected, ten numbers by transfer at 60 Hz, answered',
  format: null,
  start() {
    const worker = new Worker(URL.createObjectURL(new Blob([posting], { type: 'text/javascript' })))
    let last: Float64Array
    worker.addEventListener('message', ({ data }: MessageEvent<{ readonly buffer: ArrayBuffer }>) => {
      last = new Float64Array(data.buffer)
      worker.postMessage(last.length)
    })
  },
}
