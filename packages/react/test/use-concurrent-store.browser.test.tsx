import {
  Activity,
  memo,
  startTransition,
  StrictMode,
  Suspense,
  use,
  useLayoutEffect,
  useState,
  type ReactNode,
} from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import type { Client } from '@rivulet/client'
import { createRequestClient, dehydrate, hydrate, seed } from '@rivulet/client/ssr'
import { useRpc } from '@rivulet/react'
import { RivuletProvider, useStore } from '@rivulet/react/concurrent'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { Boundary } from './support/boundary.tsx'
import { createFakeClient } from './support/fake-client.ts'
import { Add, FLEET, FleetStore, type FleetState } from './support/schema.ts'

afterEach(closePages)

function provide(client: Client, updates: 'urgent' | 'transition' = 'urgent') {
  return ({ children }: { readonly children: ReactNode }): ReactNode => (
    <RivuletProvider client={client} updates={updates}>
      {children}
    </RivuletProvider>
  )
}

/** A discrete event, which React lets overtake transitions. */
function click(act: () => void): void {
  const button = document.createElement('button')
  button.addEventListener('click', act)
  button.click()
}

interface RowProps {
  readonly id: string
  readonly onLayout?: ((text: string) => void) | undefined
}

const Row = memo(({ id, onLayout }: RowProps): ReactNode => {
  const row = useStore(FleetStore, ['rows', id])
  // As apps write it: a row that is listed is there.
  const text = `${row?.name.length === 0 ? '?' : row?.name} ${row?.count}`
  useLayoutEffect(() => onLayout?.(text))
  return <li>{text}</li>
})
const Rows = ({ onLayout }: { readonly onLayout?: (text: string) => void }): ReactNode => {
  const ids = useStore(FleetStore, (s) => [...(s.rows?.keys() ?? [])])
  return (
    <ul>
      {ids.map((id) => (
        <Row key={id} id={id} onLayout={onLayout} />
      ))}
    </ul>
  )
}
const Title = ({ onLayout }: { readonly onLayout?: (text: string) => void }): ReactNode => {
  const title = useStore(FleetStore, 'title')
  useLayoutEffect(() => onLayout?.(title))
  return <p>{title}</p>
}

const Early = ({ onLayout }: { readonly onLayout: () => void }): ReactNode => {
  useLayoutEffect(onLayout, [onLayout])
  return null
}

describe('as useStore', () => {
  test('a path, a selector, the whole store', async () => {
    const { client, store } = createFakeClient()
    const All = (): ReactNode => {
      const count = useStore(FleetStore, ['head', 'count'])
      const { name } = useStore(FleetStore, (s) => ({ name: s.rows?.get('r1')?.name }))
      return <p>{`${count} ${name} ${useStore(FleetStore).title}`}</p>
    }
    const screen = await render(<All />, { wrapper: provide(client) })
    await expect.element(screen.getByText('0 one Harbour')).toBeVisible()
    store.putAll([
      [['head', 'count'], 5],
      [['rows', 'r1', 'name'], 'eins'],
      [['title'], 'Port'],
    ])
    await expect.element(screen.getByText('5 eins Port')).toBeVisible()
  })

  test('on a real page: follows what is read, once, and gives it up', async () => {
    const { client, fake } = openPage({ graceMs: 20 })
    fake.load(FleetStore, FLEET)
    const screen = await render(
      <StrictMode>
        <Title />
        <Title />
      </StrictMode>,
      { wrapper: provide(client) },
    )
    await expect.poll(() => screen.container.textContent).toBe('HarbourHarbour')
    const watched = (): string[] => fake.log.filter((entry) => /^(?:un)?watch/.test(entry))
    expect(watched()).toEqual(['watch(1:title)'])
    fake.load(FleetStore, { ...FLEET, title: 'Port' })
    await expect.poll(() => screen.container.textContent).toBe('PortPort')
    await screen.unmount()
    await expect.poll(watched).toEqual(['watch(1:title)', 'unwatch(1)'])
  })

  test('only components whose part has changed render, but for the first patch after they have mounted', async () => {
    const { client, store } = createFakeClient()
    const layouts: string[] = []
    const onLayout = (text: string): void => void layouts.push(text)
    const screen = await render(<Rows onLayout={onLayout} />, { wrapper: provide(client) })
    await expect.poll(() => layouts.length).toBe(2)
    store.put(['rows', 'r1', 'count'], 10)
    await expect.element(screen.getByText('one 10')).toBeVisible()
    layouts.length = 0
    store.put(['rows', 'r2', 'count'], 20)
    await expect.element(screen.getByText('two 20')).toBeVisible()
    expect(layouts).toEqual(['two 20'])
  })

  test('an equal result of a selector keeps its identity', async () => {
    const { client, store } = createFakeClient()
    const seen = new Set<unknown>()
    const Ids = ({ see }: { readonly see: (ids: readonly string[]) => void }): ReactNode => {
      const { marks } = useStore(FleetStore, (s) => ({ marks: s.marks?.map((mark) => mark) }))
      const same = useStore(FleetStore, (s) => [s.title.length, s.ticks > 0])
      useLayoutEffect(() => see(same as unknown as readonly string[]))
      return <p>{`${marks?.join('')} ${useStore(FleetStore, 'ticks')}`}</p>
    }
    const screen = await render(<Ids see={(ids) => void seen.add(ids)} />, { wrapper: provide(client) })
    for (const ticks of [5, 6, 7]) {
      store.put(['ticks'], ticks)
      await expect.element(screen.getByText(`ab ${ticks}`)).toBeVisible()
    }
    expect(seen.size).toBe(1)
  })

  test('another path, another client', async () => {
    const first = createFakeClient()
    const second = createFakeClient({ ...FLEET, rows: new Map([['r1', { name: 'uno', count: 9 }]]) })
    const page = (client: Client, id: string): ReactNode => (
      <RivuletProvider client={client}>
        <Row id={id} />
      </RivuletProvider>
    )
    const screen = await render(page(first.client, 'r1'))
    await expect.element(screen.getByText('one 1')).toBeVisible()
    await screen.rerender(page(first.client, 'r2'))
    await expect.element(screen.getByText('two 2')).toBeVisible()
    first.store.put(['rows', 'r2', 'count'], 3)
    await expect.element(screen.getByText('two 3')).toBeVisible()
    await screen.rerender(page(first.client, 'r1'))
    await expect.element(screen.getByText('one 1')).toBeVisible()
    await screen.rerender(page(second.client, 'r1'))
    await expect.element(screen.getByText('uno 9')).toBeVisible()
    await expect.poll(() => first.store.followed()).toEqual([])
    expect(second.store.followed()).toEqual(['rows.r1'])
  })

  test('a selector that throws reaches the boundary', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { client, store } = createFakeClient()
    const Broken = (): ReactNode => (
      <p>
        {useStore(FleetStore, (s) => {
          if (s.ticks === 13) throw new Error('unlucky')
          return s.ticks
        })}
      </p>
    )
    const screen = await render(
      <Boundary>
        <Broken />
      </Boundary>,
      { wrapper: provide(client) },
    )
    await expect.element(screen.getByText('1')).toBeVisible()
    store.put(['ticks'], 13)
    await expect.element(screen.getByText('caught: unlucky')).toBeVisible()
    errors.mockRestore()
  })

  test('without its provider it says what to do', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const screen = await render(
      <Boundary>
        <Title />
      </Boundary>,
    )
    await expect.element(screen.getByText(/concurrent provider.*@rivulet\/react\/concurrent/)).toBeVisible()
    errors.mockRestore()
  })

  test('the other hooks work below it', async () => {
    const { client, calls } = createFakeClient()
    const Adds = (): ReactNode => {
      const add = useRpc(Add)
      useLayoutEffect(() => void add({ by: 1 }), [add])
      return null
    }
    await render(<Adds />, { wrapper: provide(client) })
    expect(calls).toHaveLength(1)
  })
})

describe('mounting', () => {
  test('a row that comes with a patch has its data in its first commit', async () => {
    const { client, store } = createFakeClient()
    const layouts: string[] = []
    const onLayout = (text: string): void => void layouts.push(text)
    const screen = await render(<Rows onLayout={onLayout} />, { wrapper: provide(client) })
    await expect.poll(() => layouts.length).toBe(2)
    layouts.length = 0
    store.put(['rows', 'r3'], { name: 'three', count: 3 })
    await expect.element(screen.getByText('three 3')).toBeVisible()
    expect(layouts.filter((text) => !['one 1', 'two 2', 'three 3'].includes(text))).toEqual([])
  })

  test('a change in a layout effect is not lost', async () => {
    const { client, store } = createFakeClient()
    const onLayout = (): void => store.put(['title'], 'early')
    const screen = await render(
      <>
        <Title />
        <Early onLayout={onLayout} />
        <Title />
      </>,
      { wrapper: provide(client) },
    )
    await expect.poll(() => screen.container.textContent).toBe('earlyearly')
  })

  test('what mounts urgently while a transition waits shows what is on screen, and comes along when it is done', async () => {
    const { client, store } = createFakeClient()
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const layouts: string[] = []
    const onLayout = (text: string): void => void layouts.push(text)
    let mount = (): void => undefined
    const Held = (): ReactNode => {
      const title = useStore(FleetStore, 'title')
      if (title === 'Port') use(gate)
      return <b>{title}</b>
    }
    const More = ({ onSet }: { readonly onSet: (set: () => void) => void }): ReactNode => {
      const [more, setMore] = useState(false)
      useLayoutEffect(() => onSet(() => setMore(true)), [onSet])
      return more && <Title onLayout={onLayout} />
    }
    const screen = await render(
      <Suspense fallback="waiting">
        <Held />
        <More
          onSet={(set) => {
            mount = set
          }}
        />
      </Suspense>,
      { wrapper: provide(client) },
    )
    startTransition(() => store.put(['title'], 'Port'))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(screen.container.textContent).toBe('Harbour')
    click(mount)
    await expect.poll(() => screen.container.textContent).toBe('HarbourHarbour')
    expect(layouts).not.toContain('Port')
    release()
    await expect.poll(() => screen.container.textContent).toBe('PortPort')
  })
})

describe('transitions', () => {
  test('an urgent change is rebased: other fields first without, then with the one in the transition', async () => {
    const { client, store } = createFakeClient()
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const Head = (): ReactNode => {
      const head = useStore(FleetStore, 'head')
      if (head.count === 1) use(gate)
      return <p>{`${head.name} ${head.count}`}</p>
    }
    const screen = await render(
      <Suspense fallback="waiting">
        <Head />
      </Suspense>,
      { wrapper: provide(client) },
    )
    startTransition(() => store.put(['head', 'count'], 1))
    click(() => store.put(['head', 'name'], 'renamed'))
    await expect.element(screen.getByText('renamed 0')).toBeVisible()
    release()
    await expect.element(screen.getByText('renamed 1')).toBeVisible()
  })

  test('updates="transition": what arrives never brings a fallback back', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    await client.store(FleetStore).ready('title')
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const Lazy = (): ReactNode => {
      const title = useStore(FleetStore, 'title')
      if (title === 'Port') use(gate)
      return <b>{title}</b>
    }
    const screen = await render(
      <Suspense fallback="waiting">
        <Lazy />
      </Suspense>,
      { wrapper: provide(client, 'transition') },
    )
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    fake.load(FleetStore, { ...FLEET, title: 'Port' })
    await expect.poll(() => client.store(FleetStore).get('title')).toBe('Port')
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(screen.container.textContent).toBe('Harbour')
    release()
    await expect.element(screen.getByText('Port')).toBeVisible()
  })
})

describe('Activity', () => {
  test('a hidden tree gives everything up, and is fresh in the commit that shows it again', async () => {
    const { client, store } = createFakeClient()
    const layouts: string[] = []
    const onLayout = (text: string): void => void layouts.push(text)
    const page = (mode: 'visible' | 'hidden'): ReactNode => (
      <>
        <Activity mode={mode}>
          <Title onLayout={onLayout} />
        </Activity>
        {/* Keeps the path followed meanwhile. */}
        <Title />
      </>
    )
    const screen = await render(page('visible'), { wrapper: provide(client) })
    await expect.poll(() => store.followed()).toEqual(['title'])
    await screen.rerender(page('hidden'))
    store.put(['title'], 'Port')
    await expect.poll(() => screen.container.lastElementChild?.textContent).toBe('Port')
    layouts.length = 0
    await screen.rerender(page('visible'))
    await expect.poll(() => screen.container.textContent).toBe('PortPort')
    expect(layouts[0]).toBe('Port')
    store.put(['title'], 'Dock')
    await expect.poll(() => screen.container.textContent).toBe('DockDock')
  })
})

test('hydrates with what the server has rendered, then shows what has come', async () => {
  const warnings = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const mismatches: unknown[] = []
  const server = createRequestClient()
  seed(server, FleetStore, [], FLEET)
  const tree = (client: Client): ReactNode => (
    <RivuletProvider client={client}>
      <Title />
    </RivuletProvider>
  )
  const host = document.body.appendChild(document.createElement('div'))
  host.innerHTML = renderToString(tree(server))
  expect(host.textContent).toBe('Harbour')
  const { client, fake } = openPage()
  hydrate(client, dehydrate(server))
  const state: FleetState = { ...FLEET, title: 'Port' }
  fake.load(FleetStore, state)
  client.store(FleetStore).subscribe('title', () => undefined)
  await client.store(FleetStore).ready('title')
  const root = hydrateRoot(host, tree(client), { onRecoverableError: (error) => mismatches.push(error) })
  await expect.poll(() => host.textContent).toBe('Port')
  expect(mismatches).toEqual([])
  expect(warnings.mock.calls.filter(([message]) => !String(message).startsWith('Detected multiple renderers'))).toEqual(
    [],
  )
  warnings.mockRestore()
  root.unmount()
  host.remove()
})
