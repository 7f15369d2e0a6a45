import { createElement as h, Suspense, type FunctionComponent, type ReactNode } from 'react'
import { renderToReadableStream, renderToString } from 'react-dom/server'
import { afterEach, describe, expect, test } from 'vitest'
import { createRequestClient, dehydrate, hydrate, prefetch, seed } from '@rivulet/client/ssr'
import { RivuletProvider, useStore, useSuspenseStore } from '@rivulet/react'
import { HydrationBoundary } from '@rivulet/react/hydration'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { FLEET, FleetStore } from './support/schema.ts'

afterEach(closePages)

const Fleet: FunctionComponent = () => {
  const title = useStore(FleetStore, 'title')
  const { ticks, first } = useStore(FleetStore, (s) => ({ ticks: s.ticks, first: s.rows?.get('r1')?.name }))
  return h('p', null, `[${title}] ${ticks} ${first}`)
}
const Title: FunctionComponent = () => h('b', null, useSuspenseStore(FleetStore, 'title'))
const Names: FunctionComponent = () =>
  h('i', null, useSuspenseStore(FleetStore, (s) => [...(s.rows?.values() ?? [])].map(({ name }) => name)).join())
const waiting = (...children: ReactNode[]): ReactNode => h(Suspense, { fallback: 'waiting' }, ...children)

async function streamed(node: ReactNode, onError?: (error: unknown) => void): Promise<string> {
  const stream = await renderToReadableStream(node, {
    onError:
      onError ??
      ((error) => {
        throw error
      }),
  })
  await stream.allReady
  return new Response(stream).text()
}

describe('renderToString', () => {
  test('renders what was prefetched, and zero values for the rest', async () => {
    const { client: upstream, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const client = createRequestClient(upstream)
    await prefetch(client, FleetStore, 'title')
    expect(renderToString(h(RivuletProvider, { client }, h(Fleet)))).toBe('<p>[Harbour] 0 </p>')
    await prefetch(client, FleetStore)
    expect(renderToString(h(RivuletProvider, { client }, h(Fleet)))).toBe('<p>[Harbour] 1 one</p>')
  })

  test('renders what was seeded, without a connection', () => {
    const client = createRequestClient()
    seed(client, FleetStore, [], FLEET)
    expect(renderToString(h(RivuletProvider, { client }, h(Fleet)))).toBe('<p>[Harbour] 1 one</p>')
    expect(renderToString(h(RivuletProvider, { client }, waiting(h(Title))))).toContain('<b>Harbour</b>')
  })

  test('leaves to the page what is not there', () => {
    const { client: upstream } = openPage()
    const client = createRequestClient(upstream)
    expect(renderToString(h(RivuletProvider, { client }, waiting(h(Title))))).toContain('waiting')
  })

  test('two requests do not see what the other has', async () => {
    const { client: upstream, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const [one, two] = [createRequestClient(upstream), createRequestClient(upstream)]
    await prefetch(one, FleetStore, 'title')
    expect(renderToString(h(RivuletProvider, { client: one }, h(Fleet)))).toContain('[Harbour]')
    expect(renderToString(h(RivuletProvider, { client: two }, h(Fleet)))).toContain('[]')
  })

  test('takes the state of a boundary', () => {
    const server = createRequestClient()
    seed(server, FleetStore, [], FLEET)
    const client = createRequestClient()
    const page = h(RivuletProvider, { client }, h(HydrationBoundary, { state: dehydrate(server) }, h(Fleet)))
    expect(renderToString(page)).toBe('<p>[Harbour] 1 one</p>')
  })
})

describe('a stream', () => {
  test('waits for what useSuspenseStore reads, and the state that is written is what was rendered', async () => {
    const { client: upstream, fake } = openPage()
    const client = createRequestClient(upstream)
    const html = streamed(h(RivuletProvider, { client }, waiting(h(Title), h(Names))))
    await expect.poll(() => fake.watches.size).toBe(2)
    fake.load(FleetStore, FLEET)
    expect(await html).toContain('<b>Harbour</b><i>one,two</i>')
    const page = createRequestClient()
    hydrate(page, dehydrate(client))
    expect(page.store(FleetStore).get('title')).toBe('Harbour')
    expect(page.store(FleetStore).get('rows')).toEqual(FLEET.rows)
    expect(page.store(FleetStore).loaded('ticks')).toBe(false)
  })

  test('shows one state, although the host goes on', async () => {
    const { client: upstream, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const client = createRequestClient(upstream)
    let arrive = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      arrive = resolve
    })
    let open = false
    const Late: FunctionComponent = () => {
      if (!open) throw gate
      return h(Title)
    }
    const html = streamed(h(RivuletProvider, { client }, waiting(h(Title)), waiting(h(Late))))
    await expect.poll(() => client.store(FleetStore).initial('title').known).toBe(true)
    fake.load(FleetStore, { ...FLEET, title: 'Port' })
    await expect.poll(() => upstream.store(FleetStore).get('title')).toBe('Port')
    open = true
    arrive()
    const text = await html
    expect(text.match(/<b>\w+<\/b>/g)).toEqual(['<b>Harbour</b>', '<b>Harbour</b>'])
    expect(dehydrate(client)).toBe(dehydrate(client))
  })

  test('an error before the first data leaves the boundary to the page, and is reported once', async () => {
    const { client: upstream, fake } = openPage()
    const client = createRequestClient(upstream)
    const errors: unknown[] = []
    const html = streamed(h(RivuletProvider, { client }, waiting(h(Title))), (error) => void errors.push(error))
    await expect.poll(() => fake.watches.size).toBe(1)
    fake.statusAll('error', { code: 'denied', what: 'not for you' })
    expect(await html).toContain('waiting')
    expect(errors).toEqual([expect.objectContaining({ code: 'denied' })])
  })
})
