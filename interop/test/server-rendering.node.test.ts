import { createElement as h, Suspense, type ReactNode } from 'react'
import { renderToReadableStream, renderToString } from 'react-dom/server'
import { afterEach, expect, test } from 'vitest'
import { type Client, createClient } from '@rivulet/client'
import { createRequestClient, dehydrate, hydrate, prefetch, seed } from '@rivulet/client/ssr'
import { RivuletProvider, useStore, useSuspenseStore } from '@rivulet/react'
import { createHost, createStore, type Host, type Store } from '@rivulet/server'
import type { StoreDef } from '@rivulet/wire'

// A server that renders, and a host: over a real socket, without a worker, or both in one process.

interface Harbour {
  readonly title: string
  readonly boats: ReadonlyMap<string, string> | null
}

const text = { kind: 'string' } as const
const HarbourStore: StoreDef<Harbour> = {
  kind: 'store',
  name: 'HarbourStore',
  state: 'harbour.State',
  types: [
    {
      'harbour.State': {
        form: 'partial',
        fields: [
          { name: 'title', id: 1, type: text },
          { name: 'boats', id: 2, type: { kind: 'map', key: text, value: text } },
        ],
      },
    },
  ],
}
/** For a machine that is busy with other tests. */
const PATIENT = { timeoutMs: 25_000 }
const STATE: Harbour = { title: 'Harbour', boats: new Map([['b1', 'Anna']]) }

let host: Host | undefined
let upstream: Client | undefined
afterEach(async () => {
  await upstream?.dispose()
  await host?.close()
  host = undefined
  upstream = undefined
})

async function open(): Promise<{ readonly store: Store<Harbour>; readonly client: Client }> {
  const store = createStore(HarbourStore, STATE)
  host = createHost({ port: 0, stores: [store], access: () => 1, logger: null })
  upstream = createClient({ url: `http://127.0.0.1:${await host.listening}`, reconnect: { minMs: 5, maxMs: 20 } })
  return { store, client: upstream }
}

const Title = (): ReactNode => h('h1', null, useStore(HarbourStore, 'title'))
const Boats = (): ReactNode =>
  h('p', null, useSuspenseStore(HarbourStore, (s) => [...(s.boats?.values() ?? [])]).join())
const page = (client: Client): ReactNode =>
  h(RivuletProvider, { client }, h(Title), h(Suspense, { fallback: 'waiting' }, h(Boats)))

test('prefetch by URL: a loader has the data before it renders', async () => {
  const { client } = await open()
  expect(await prefetch(client, HarbourStore, 'title', PATIENT)).toBe('Harbour')
  expect(await client.mode).toBe('inline')
  await expect(prefetch(client, HarbourStore, ['nothing'] as never)).rejects.toMatchObject({ code: 'path' })
})

test('prefetch gives up when nobody answers', async () => {
  upstream = createClient({ url: 'http://127.0.0.1:1', onError: () => undefined })
  await expect(prefetch(upstream, HarbourStore, 'title', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' })
})

test('each request renders what the host has then, over one connection, and its page reads the same', async () => {
  const { store, client } = await open()
  const render = async (): Promise<{ readonly html: string; readonly state: string }> => {
    const request = createRequestClient(client)
    await prefetch(request, HarbourStore, 'title', PATIENT)
    const stream = await renderToReadableStream(page(request))
    await stream.allReady
    return { html: await new Response(stream).text(), state: dehydrate(request) }
  }
  const first = await render()
  expect(first.html).toContain('<h1>Harbour</h1>')
  expect(first.html).toContain('<p>Anna</p>')
  store.update((draft) => {
    draft.title = 'Port'
    draft.boats?.set('b2', 'Berta')
  })
  await expect.poll(() => client.store(HarbourStore).get('title')).toBe('Port')
  await expect.poll(() => client.store(HarbourStore).get('boats')?.size).toBe(2)
  const second = await render()
  expect(second.html).toContain('<h1>Port</h1>')
  expect(second.html).toContain('<p>Anna,Berta</p>')
  const browser = createRequestClient()
  hydrate(browser, first.state)
  expect(browser.store(HarbourStore).get()).toMatchObject({ title: '' })
  expect(browser.store(HarbourStore).get('title')).toBe('Harbour')
  expect(browser.store(HarbourStore).get('boats')).toEqual(STATE.boats)
})

test('a host in the same process needs no connection: its state is the seed', () => {
  const store = createStore(HarbourStore, STATE)
  const request = createRequestClient()
  seed(request, HarbourStore, [], store.state)
  store.update((draft) => {
    draft.title = 'Port'
  })
  expect(renderToString(page(request))).toContain('<h1>Harbour</h1>')
  expect(renderToString(page(request))).toContain('<p>Anna</p>')
})
