import { type Client, type ClientOptions, createClient } from '@rivulet/client'
import { createHost, createStore, type Host, type HostOptions } from '@rivulet/server'
import type { RpcDef, StoreDef, Types } from '@rivulet/wire'
import { expect, onTestFinished, test } from 'vitest'
import { until } from '../../packages/server/test/support/until.ts'

interface Note {
  readonly text: string
}

const text = { kind: 'string' } as const
const error = { name: 'error', type: { kind: 'pointer', elem: text } } as const
const types: Types = [
  {
    'note.Note': { form: 'partial', fields: [{ name: 'text', id: 1, type: text }] },
    'note.Request': { form: 'flat', fields: [{ name: 'text', type: text }] },
    'note.Done': { form: 'flat', fields: [error] },
    'note.Text': { form: 'flat', fields: [{ name: 'result', type: text }, error] },
  },
]
const NoteStore: StoreDef<Note> = { kind: 'store', name: 'NoteStore', state: 'note.Note', types }
const Write: RpcDef<Note, void> = {
  kind: 'rpc',
  name: 'Write',
  request: 'note.Request',
  response: 'note.Done',
  types,
}
const Read: RpcDef<Note, string> = {
  kind: 'rpc',
  name: 'Read',
  request: 'note.Request',
  response: 'note.Text',
  types,
}

async function world(
  hostOptions: Partial<HostOptions> = {},
  clientOptions: Partial<ClientOptions> = {},
): Promise<{ readonly host: Host; readonly client: Client; readonly errors: Error[] }> {
  const store = createStore(NoteStore, { text: 'first' })
  const host = createHost({ port: 0, stores: [store], logger: null, ...hostOptions })
  host.rpc(Write, ({ text: words }) => {
    if (words === '') throw new Error('nothing to write')
    store.update((d) => void (d.text = words))
  })
  host.rpc(Read, () => store.state.text)
  const errors: Error[] = []
  const url = `http://127.0.0.1:${await host.listening}`
  const client = createClient({ url, worker: 'inline', onError: (e) => errors.push(e), ...clientOptions })
  onTestFinished(async () => {
    await client.dispose()
    await host.close()
  })
  return { host, client, errors }
}

test('features 47, 48 and 49: a call resolves with its result, or with nothing, or rejects with the words of the handler', async () => {
  const { client, errors } = await world()
  expect(await client.call(Write, { text: 'second' })).toBeUndefined()
  expect(await client.call(Read, { text: '' })).toBe('second')
  await expect(client.call(Write, { text: '' })).rejects.toMatchObject({ code: 'rpc', message: 'nothing to write' })
  expect(await client.call(Read, { text: '' })).toBe('second')
  expect(errors).toEqual([])
})

test('feature 61: host and page meet on the path that both were given', async () => {
  const { client } = await world({ path: '/notes/live' }, { path: '/notes/live' })
  const store = client.store(NoteStore)
  await store.ready('text')
  expect(await client.call(Write, { text: 'there' })).toBeUndefined()
  const lost = await world({ path: '/notes/live' }, { path: '/socket', reconnect: { minMs: 5, maxMs: 10 } })
  lost.client.connect()
  await until(() => lost.client.connection.get().error !== undefined, 'the wrong path to be refused')
  expect(lost.client.connection.get().state).not.toBe('connected')
})
