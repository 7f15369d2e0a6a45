import { join } from 'node:path'
import { type OutputChunk, rolldown } from 'rolldown'
import { beforeAll, describe, expect, test } from 'vitest'
import { splitWorker, workerInput } from '../build/worker.mjs'
import { root } from '../lib/root.mjs'

const client = join(root, 'packages/client')

/** The client's worker as the package's build makes it. */
async function buildWorker(output: object): Promise<OutputChunk[]> {
  const bundle = await rolldown({ ...workerInput, cwd: client, input: { worker: 'src/worker.ts' } })
  try {
    const built = await bundle.generate({ format: 'esm', minify: true, ...output })
    return built.output.filter((part) => part.type === 'chunk')
  } finally {
    await bundle.close()
  }
}

const holds = (chunk: OutputChunk, file: RegExp): boolean => chunk.moduleIds.some((id) => file.test(id))

/** What only some apps use, by a module of each. */
const PARTS = {
  lists: /engine\/key-views\/key-index\.ts$/,
  sessions: /engine\/viewer-session\.ts$/,
  offline: /engine\/offline\/create-offline\.ts$/,
  streams: /engine\/streams\/stream-feed\.ts$/,
  tabs: /engine\/tabs\/serve-channel\.ts$/,
}

describe("the worker's files", () => {
  let chunks: OutputChunk[] = []
  let entry: OutputChunk
  beforeAll(async () => {
    chunks = await buildWorker(splitWorker('worker'))
    entry = chunks.find((chunk) => chunk.isEntry) as OutputChunk
  })

  test('what it starts with is one file, and has no part in it', () => {
    expect(entry.fileName).toBe('worker.js')
    expect(entry.imports).toHaveLength(1)
    const start = chunks.find((chunk) => chunk.fileName === entry.imports[0]) as OutputChunk
    expect(start.imports).toEqual([])
    for (const file of Object.values(PARTS)) expect(holds(start, file) || holds(entry, file)).toBe(false)
  })

  test.each(Object.entries(PARTS))('%s have a file of their own, beside it', (_, file) => {
    const [part, ...others] = chunks.filter((chunk) => holds(chunk, file))
    expect(others).toEqual([])
    expect(part?.isDynamicEntry).toBe(true)
    expect(part?.fileName).toMatch(/^worker\/[^/]+\.js$/)
  })

  test('no file imports the one that runs: at another address it would run twice', () => {
    for (const chunk of chunks) expect([...chunk.imports, ...chunk.dynamicImports]).not.toContain(entry.fileName)
  })

  test('nothing is left to be found elsewhere', () => {
    const names = new Set(chunks.map((chunk) => chunk.fileName))
    for (const chunk of chunks)
      for (const file of [...chunk.imports, ...chunk.dynamicImports]) expect(names).toContain(file)
  })

  test('a transport that hosts do not have is not in it, those that they have are', () => {
    const code = chunks.map((chunk) => chunk.code).join('\n')
    expect(code).not.toContain('WebTransport')
    expect(code).toContain('new WebSocket(')
    expect(code).toContain('new XMLHttpRequest')
  })
})

test('the worker as text is one piece, with every part', async () => {
  const [whole, ...others] = await buildWorker({ codeSplitting: false })
  expect(others).toEqual([])
  expect(whole?.imports).toEqual([])
  expect(whole?.code).not.toMatch(/\bimport\s*[('"`{*]/)
  for (const file of Object.values(PARTS)) expect(holds(whole as OutputChunk, file)).toBe(true)
})
