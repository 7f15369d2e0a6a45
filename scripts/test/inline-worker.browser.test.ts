import { afterEach, expect, test } from 'vitest'
import source from './fixtures/doubling-worker.ts?worker-source'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

function startFromBlob(): Worker {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new Worker(url, { type: 'module' })
  cleanups.push(() => {
    worker.terminate()
    URL.revokeObjectURL(url)
  })
  return worker
}

test('a worker imported as source is self-contained JavaScript', () => {
  expect(source).toContain('postMessage')
  expect(source).not.toMatch(/MessageEvent<|^\s*import\s/m)
})

test('a worker imported as source starts from a Blob and answers', async () => {
  const worker = startFromBlob()
  const answer = new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data))
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
  })
  worker.postMessage(21)
  expect(await answer).toBe(42)
})

test('pages under test are cross-origin isolated, as the timings in tests and benchmarks assume', () => {
  expect(globalThis.crossOriginIsolated).toBe(true)
})
