import type { Client, createClient } from '@rivulet/client'
import { createHost, createStore } from '@rivulet/server'
import type { RpcDef, StoreDef, Types } from '@rivulet/wire'
import { build } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createContext, runInContext } from 'node:vm'
import { eventually } from '../../packages/client/test/support/eventually.ts'

// The client as React Native's bundler sees it, in a place that has what its engine has: no workers, no window, no document, no MessageChannel, no modules.

interface Tally {
  readonly title: string
  readonly count: number
}

const types: Types = [
  {
    'rn.Tally': {
      form: 'partial',
      fields: [
        { name: 'title', id: 1, type: { kind: 'string' } },
        { name: 'count', id: 2, type: { kind: 'int32' } },
      ],
    },
    'rn.Add': { form: 'flat', fields: [{ name: 'by', type: { kind: 'int32' } }] },
    'rn.AddReply': {
      form: 'flat',
      fields: [
        { name: 'result', type: { kind: 'int32' } },
        { name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } },
      ],
    },
  },
]
const TallyStore: StoreDef<Tally> = { kind: 'store', name: 'Tally', state: 'rn.Tally', types }
const Add: RpcDef<{ readonly by: number }, number> = {
  kind: 'rpc',
  name: 'Tally.Add',
  request: 'rn.Add',
  response: 'rn.AddReply',
  types,
}

const entry = '\0entry'
let code: string
let pieces: number

beforeAll(async () => {
  const { output } = await build({
    cwd: import.meta.dirname,
    input: entry,
    platform: 'browser',
    write: false,
    logLevel: 'silent',
    resolve: { conditionNames: ['react-native', 'rivulet-source', 'import', 'default'] },
    plugins: [
      {
        name: 'entry',
        resolveId(id) {
          if (id === entry) return id
          // As if this file imported it.
          return id === '@rivulet/client' ? this.resolve(id, import.meta.filename, { skipSelf: true }) : null
        },
        load: (id) => (id === entry ? `export { createClient } from '@rivulet/client'` : null),
      },
    ],
    output: { format: 'iife', name: 'rivulet' },
  })
  pieces = output.length
  code = output[0].code
})

/** What there is besides the language itself, and this realm's buffers: its WebSocket knows no others. */
function globals(): Record<string, unknown> {
  const buffers = { ArrayBuffer, DataView, Uint8Array }
  const own = { AbortController, console, performance, TextDecoder, TextEncoder, URL, WebSocket }
  return { ...buffers, ...own, setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask }
}

describe('under the react-native condition', () => {
  let client: Client | undefined
  afterAll(() => client?.dispose())

  test('there is one piece of code without import.meta, dynamic imports and workers', () => {
    expect(pieces).toBe(1)
    expect(code).not.toMatch(/import\.meta|\bimport\(|new Worker\(|new SharedWorker\(/)
  })

  test('it follows a host, calls it, and reports a worker that is asked for', async () => {
    const tally = createStore(TallyStore, { title: 'ropes', count: 1 })
    const host = createHost({ port: 0, path: '/socket', stores: [tally], access: () => 1, logger: null })
    host.rpc(Add, ({ by }) => {
      tally.update((draft) => void (draft.count += by))
      return tally.state.count
    })
    const port = await host.listening
    const context = createContext(globals())
    runInContext(`${code};globalThis.create = rivulet.createClient`, context)
    const create = context['create'] as typeof createClient
    expect(() => create({ url: 'http://127.0.0.1:1', worker: () => undefined as never })).toThrow(
      expect.objectContaining({ code: 'config' }),
    )
    client = create({ url: `http://127.0.0.1:${port}` })
    const store = client.store(TallyStore)
    store.subscribe('count', () => undefined)
    await store.ready('count')
    expect(await client.mode).toBe('inline')
    expect(store.get('count')).toBe(1)
    expect(await client.call(Add, { by: 4 })).toBe(5)
    await eventually(() => expect(store.get('count')).toBe(5))
    await client.dispose()
    await host.close()
  })
})
