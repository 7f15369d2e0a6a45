import { afterEach, describe, expect, test, vi } from 'vitest'
import { startEarly } from '../../src/bridge/early-worker.ts'
import { startWorker } from '../../src/bridge/handshake.ts'
import { PROTOCOL_VERSION } from '../../src/protocol.ts'

afterEach(() => void vi.restoreAllMocks())

const never = new AbortController().signal

function from(source: string): () => Worker {
  return () => {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
    return new Worker(url, { type: 'module' })
  }
}

const ready = (version: number): string => `postMessage({ rivulet: 'ready', version: ${version} })`

describe('startWorker', () => {
  test('resolves when the worker says it is ready; other messages do not count', async () => {
    const source = `postMessage('hello'); postMessage(null); postMessage({ rivulet: 'ready' }); ${ready(PROTOCOL_VERSION)}; onmessage = (e) => postMessage(e.data + 1)`
    const worker = await startWorker(from(source), 5000, never)
    const answer = new Promise((resolve) => {
      worker.addEventListener('message', (e: MessageEvent<unknown>) => resolve(e.data))
    })
    worker.postMessage(1)
    expect(await answer).toBe(2)
    worker.terminate()
  })

  test.each<[string, () => Worker, RegExp]>([
    ['a file that is not there', () => new Worker('/no-such-worker.js', { type: 'module' }), /worker/],
    ['code that throws', from('throw new Error("at once")'), /at once/],
    ['code that does not parse', from('this is not a program'), /worker/],
    [
      'another version',
      from(ready(PROTOCOL_VERSION + 1)),
      new RegExp(`version ${PROTOCOL_VERSION + 1}, this page version ${PROTOCOL_VERSION}`, 'u'),
    ],
    ['silence', from('0'), /within 300 ms/],
  ])('%s rejects, typed, and the worker is terminated', async (_name, make, message) => {
    const terminate = vi.spyOn(Worker.prototype, 'terminate')
    const start = startWorker(make, 300, never)
    await expect(start).rejects.toMatchObject({ code: 'worker', message: expect.stringMatching(message) as string })
    expect(terminate).toHaveBeenCalledTimes(1)
  })

  test('a constructor that throws rejects', async () => {
    const denied = (): Worker => {
      throw new DOMException('denied', 'SecurityError')
    }
    await expect(startWorker(denied, 300, never)).rejects.toThrow('denied')
  })

  test('giving up ends it', async () => {
    const abort = new AbortController()
    const start = startWorker(from('0'), 60_000, abort.signal)
    abort.abort()
    await expect(start).rejects.toMatchObject({ code: 'worker' })
    await expect(startWorker(from('0'), 60_000, abort.signal)).rejects.toMatchObject({ code: 'worker' })
  })
})

describe('a worker that was started early', () => {
  const heard = async (source: string): Promise<NonNullable<ReturnType<typeof startEarly>>> => {
    const early = startEarly(from(source))
    if (early === undefined) throw new Error('it was not made')
    await vi.waitFor(() => expect(early.heard).not.toHaveLength(0))
    return early
  }
  const notMade = (): never => {
    throw new Error('a second worker was made')
  }

  test('is taken over with what it has said, and no longer listened to', async () => {
    const early = await heard(`postMessage('hello'); ${ready(PROTOCOL_VERSION)}; onmessage = () => postMessage('more')`)
    await vi.waitFor(() => expect(early.heard).toHaveLength(2))
    const worker = await startWorker(notMade, 5000, never, early)
    expect(worker).toBe(early.worker)
    const more = new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }))
    worker.postMessage(0)
    await more
    expect(early.heard).toHaveLength(2)
    worker.terminate()
  })

  test('that is not ready yet is waited for', async () => {
    const early = startEarly(from(`onmessage = () => ${ready(PROTOCOL_VERSION)}`))
    const start = startWorker(notMade, 5000, never, early)
    early?.worker.postMessage(0)
    await expect(start).resolves.toBe(early?.worker)
    early?.worker.terminate()
  })

  test('that has failed meanwhile rejects, and is not uncaught', async () => {
    const uncaught = vi.fn<() => void>()
    window.addEventListener('error', uncaught)
    const early = await heard('throw new Error("at once")')
    await expect(startWorker(notMade, 5000, never, early)).rejects.toMatchObject({
      code: 'worker',
      message: expect.stringContaining('at once') as string,
    })
    window.removeEventListener('error', uncaught)
    expect(uncaught).not.toHaveBeenCalled()
  })

  test('is terminated when the start was given up before', async () => {
    const early = await heard(ready(PROTOCOL_VERSION))
    const terminate = vi.spyOn(early.worker, 'terminate')
    await expect(startWorker(notMade, 5000, AbortSignal.abort(), early)).rejects.toMatchObject({ code: 'worker' })
    expect(terminate).toHaveBeenCalledTimes(1)
  })

  test('that cannot be made is none', () => {
    expect(startEarly(notMade)).toBeUndefined()
  })
})
