import { createElement as h, type FunctionComponent } from 'react'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import {
  createHooks,
  RivuletProvider,
  useConnection,
  useDataStream,
  useEvent,
  useRpc,
  useStore,
  useStoreStatus,
} from '@rivulet/react'
import { createFakeClient } from './support/fake-client.ts'
import { Add, FleetStore, Tick, Video } from './support/schema.ts'

const Fleet: FunctionComponent = () => {
  const title = useStore(FleetStore, 'title')
  const name = useStore(FleetStore, ['head', 'name'])
  const { ticks } = useStore(FleetStore, (s) => ({ ticks: s.ticks, first: s.rows?.get('r1')?.name }))
  const { loaded, status } = useStoreStatus(FleetStore)
  const { state } = useConnection()
  useRpc(Add)
  useEvent(Tick, () => undefined)
  useDataStream(Video, 'bow')
  return h('p', null, `[${title}] [${name}] ${ticks} ${loaded} ${status} ${state}`)
}

const ZERO = '<p>[] [] 0 false loading connecting</p>'

test('renders zero values on a server and acquires nothing', () => {
  const errors = vi.spyOn(console, 'error')
  const { client, store: fleet, listening, streams } = createFakeClient(null)
  expect(renderToString(h(RivuletProvider, { client }, h(Fleet)))).toBe(ZERO)
  expect(fleet.subscriptions).toBe(0)
  expect(listening()).toEqual([])
  expect(streams).toEqual([])
  expect(errors).not.toHaveBeenCalled()
  errors.mockRestore()
})

test('renders what the page will hydrate with, even when the process has data', async () => {
  const { client } = createFakeClient()
  const sink = new PassThrough()
  renderToPipeableStream(h(RivuletProvider, { client }, h(Fleet))).pipe(sink)
  expect(await text(sink)).toBe(ZERO)
})

test('works without a provider, through createHooks', () => {
  const { client } = createFakeClient()
  const hooks = createHooks(client)
  const Title: FunctionComponent = () => h('b', null, `[${hooks.useStore(FleetStore, 'title')}]`)
  expect(renderToString(h(Title))).toBe('<b>[]</b>')
})

test('a selector sees what it sees on a page that is still loading, so hydration changes nothing', () => {
  const { client } = createFakeClient(null)
  const seen: unknown[] = []
  const Row: FunctionComponent = () => {
    // Sloppy, but on a page that is loading it works: what is not known reads as zero.
    seen.push(useStore(FleetStore, (s) => s.rows?.get('r1')?.name.length))
    return null
  }
  renderToString(h(RivuletProvider, { client }, h(Row)))
  expect(seen).toEqual([0])
})
