import { StrictMode, Suspense, use, type ReactNode } from 'react'
import { hydrateRoot, type Root } from 'react-dom/client'
import { renderToReadableStream, renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Client } from '@rivulet/client'
import { createRequestClient, dehydrate, hydrate, seed } from '@rivulet/client/ssr'
import { RivuletProvider, useStore, useStoreStatus, useSuspenseStore } from '@rivulet/react'
import { HydrationBoundary } from '@rivulet/react/hydration'
import { closePages, openPage, type TestPage } from '../../client/test/support/page.ts'
import { FLEET, FleetStore, type FleetState } from './support/schema.ts'

let host: HTMLElement
let root: Root | undefined
let mismatches: unknown[]

beforeEach(() => {
  host = document.body.appendChild(document.createElement('div'))
  mismatches = []
})
afterEach(async () => {
  root?.unmount()
  host.remove()
  vi.restoreAllMocks()
  await closePages()
})

/** What React complains about, except that both of its renderers run in one page here, which no app has. */
function listen(): () => unknown[] {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  return () => errors.mock.calls.filter(([message]) => !String(message).startsWith('Detected multiple renderers'))
}

interface Props {
  readonly onRender?: ((text: string) => void) | undefined
}

const Fleet = ({ onRender }: Props): ReactNode => {
  const title = useStore(FleetStore, 'title')
  const { first } = useStore(FleetStore, (s) => ({ first: s.rows?.get('r1')?.name }))
  const ticks = useSuspenseStore(FleetStore, 'ticks')
  const text = `${title} ${first} ${ticks}`
  onRender?.(text)
  return <p>{text}</p>
}

const page = (client: Client, onRender?: (text: string) => void): ReactNode => (
  <StrictMode>
    <RivuletProvider client={client}>
      <Suspense fallback={<em>waiting</em>}>
        <Fleet onRender={onRender} />
      </Suspense>
    </RivuletProvider>
  </StrictMode>
)

/** A client as a server has it, with this state of the host. */
function serverWith(state: FleetState): Client {
  const server = createRequestClient()
  seed(server, FleetStore, [], state)
  return server
}

/** Has everything of a page followed and live before React comes. */
async function liveBefore({ client, fake }: TestPage, state: FleetState): Promise<void> {
  fake.load(FleetStore, state)
  client.store(FleetStore).subscribe([], () => undefined)
  await client.store(FleetStore).ready()
}

const onRecoverableError = (error: unknown): void => void mismatches.push(error)
const PORT: FleetState = { ...FLEET, title: 'Port', ticks: 2 }

describe('the page renders what the server has rendered', () => {
  test('although newer data is there, and shows that in the next commit', async () => {
    const warnings = listen()
    const server = serverWith(FLEET)
    host.innerHTML = renderToString(page(server))
    expect(host.textContent).toBe('Harbour one 1')
    const before = host.querySelector('p')
    const opened = openPage()
    hydrate(opened.client, dehydrate(server))
    await liveBefore(opened, PORT)
    const renders: string[] = []
    root = hydrateRoot(
      host,
      page(opened.client, (text) => renders.push(text)),
      { onRecoverableError },
    )
    await expect.poll(() => host.textContent).toBe('Port one 2')
    expect(renders[0]).toBe('Harbour one 1')
    expect(renders).not.toContain('Port one 1')
    // The very element that the server sent.
    expect(host.querySelector('p')).toBe(before)
    expect(mismatches).toEqual([])
    expect(warnings()).toEqual([])
  })

  test('and keeps it, as stale, until live data comes', async () => {
    const warnings = listen()
    const Status = (): ReactNode => {
      const { status, loaded } = useStoreStatus(FleetStore, 'title')
      return <i>{`${useStore(FleetStore, 'title')} ${status} ${loaded}`}</i>
    }
    const tree = (client: Client): ReactNode => (
      <RivuletProvider client={client}>
        <Status />
      </RivuletProvider>
    )
    const server = serverWith(FLEET)
    host.innerHTML = renderToString(tree(server))
    const { client, fake } = openPage()
    hydrate(client, dehydrate(server))
    root = hydrateRoot(host, tree(client), { onRecoverableError })
    await expect.poll(() => host.textContent).toBe('Harbour stale true')
    await expect.poll(() => fake.watches.size).toBe(1)
    expect(host.textContent).toBe('Harbour stale true')
    fake.load(FleetStore, PORT)
    await expect.poll(() => host.textContent).toBe('Port live true')
    expect(mismatches).toEqual([])
    expect(warnings()).toEqual([])
  })

  test('in a boundary that hydrates when live data has long replaced the state', async () => {
    const warnings = listen()
    let go = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const Late = ({ open }: { readonly open: Promise<void> | null }): ReactNode => {
      if (open !== null) use(open)
      return <b>{useStore(FleetStore, 'title')}</b>
    }
    const tree = (client: Client, open: Promise<void> | null): ReactNode => (
      <RivuletProvider client={client}>
        <p>{/* hydrates at once */}</p>
        <Suspense fallback={<em>waiting</em>}>
          <Fleet />
        </Suspense>
        <Suspense fallback={<em>waiting</em>}>
          <Late open={open} />
        </Suspense>
      </RivuletProvider>
    )
    const server = serverWith(FLEET)
    const stream = await renderToReadableStream(tree(server, null))
    await stream.allReady
    host.innerHTML = await new Response(stream).text()
    const late = host.querySelector('b')
    expect(late?.textContent).toBe('Harbour')
    const opened = openPage()
    hydrate(opened.client, dehydrate(server))
    await liveBefore(opened, PORT)
    root = hydrateRoot(host, tree(opened.client, gate), { onRecoverableError })
    await expect.poll(() => host.textContent).toContain('Port one 2')
    expect(late?.textContent).toBe('Harbour')
    go()
    await expect.poll(() => host.querySelector('b')?.textContent).toBe('Port')
    expect(host.querySelector('b')).toBe(late)
    expect(mismatches).toEqual([])
    expect(warnings()).toEqual([])
  })

  test('with HydrationBoundary, each with a state of its own', async () => {
    const warnings = listen()
    const tree = (client: Client, state: string): ReactNode => (
      <StrictMode>
        <RivuletProvider client={client}>
          <HydrationBoundary state={state}>
            <Suspense>
              <Fleet />
            </Suspense>
          </HydrationBoundary>
        </RivuletProvider>
      </StrictMode>
    )
    const state = dehydrate(serverWith(FLEET))
    host.innerHTML = renderToString(tree(createRequestClient(), state))
    expect(host.textContent).toBe('Harbour one 1')
    const { client, fake } = openPage()
    root = hydrateRoot(host, tree(client, state), { onRecoverableError })
    await expect.poll(() => fake.watches.size).toBeGreaterThan(0)
    expect(host.textContent).toBe('Harbour one 1')
    fake.load(FleetStore, PORT)
    await expect.poll(() => host.textContent).toBe('Port one 2')
    expect(mismatches).toEqual([])
    expect(warnings()).toEqual([])
  })
})

describe('the state in the HTML', () => {
  test('survives a script element, whatever is in it', () => {
    const nasty = '</script><script>alert(1)</script><!-- & \u2028 "\''
    const server = serverWith({ ...FLEET, title: nasty })
    host.innerHTML = `<script type="application/json">${dehydrate(server)}</script><p></p>`
    expect([...host.children].map(({ tagName }) => tagName)).toEqual(['SCRIPT', 'P'])
    const { client } = openPage()
    hydrate(client, host.querySelector('script')?.textContent ?? '')
    expect(client.store(FleetStore).get('title')).toBe(nasty)
  })

  test('of another definition is ignored: the app is told why, and the page loads what it needs', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const text = dehydrate(serverWith(FLEET))
    const { client, fake, errors } = openPage()
    hydrate(client, text.replace(/"FleetStore","[0-9a-f]{16}"/, '"FleetStore","0123456789abcdef"'))
    host.innerHTML = renderToString(page(serverWith(FLEET)))
    root = hydrateRoot(host, page(client), { onRecoverableError })
    fake.load(FleetStore, PORT)
    await expect.poll(() => host.textContent).toBe('Port one 2')
    expect(errors).toEqual([
      expect.objectContaining({ code: 'schema', store: 'FleetStore', hint: expect.stringContaining('one build') }),
    ])
  })
})
