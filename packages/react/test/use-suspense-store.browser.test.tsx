import { Activity, startTransition, StrictMode, Suspense, use, useState, type ReactNode } from 'react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { createHooks, useStoreStatus, useSuspenseStore } from '@rivulet/react'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { Boundary } from './support/boundary.tsx'
import { provide } from './support/provide.tsx'
import { FLEET, FleetStore, type FleetState } from './support/schema.ts'

afterEach(closePages)

/** How often `Fallback` was committed, and what `children` showed. */
function waiting(children: ReactNode): ReactNode {
  return (
    <Boundary>
      <Suspense fallback={<em>waiting</em>}>{children}</Suspense>
    </Boundary>
  )
}

const Title = (): ReactNode => <p>{useSuspenseStore(FleetStore, 'title')}</p>
const watched = (log: readonly string[]): string[] => log.filter((entry) => /^(?:un)?watch\(/.test(entry))

describe('the first data', () => {
  test('a path: suspends, asks for it once, shows it', async () => {
    const { client, fake } = openPage()
    const screen = await render(<StrictMode>{waiting(<Title />)}</StrictMode>, { wrapper: provide(client) })
    await expect.element(screen.getByText('waiting')).toBeVisible()
    await expect.poll(() => watched(fake.log)).toEqual(['watch(1:title)'])
    fake.load(FleetStore, FLEET)
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    expect(screen.getByText('waiting').query()).toBeNull()
    expect(watched(fake.log)).toEqual(['watch(1:title)'])
  })

  test('a selector: all that it reads, also what it throws without', async () => {
    const { client, fake } = openPage()
    const seen: (string | undefined)[] = []
    const Row = (): ReactNode => {
      const { name, ticks } = useSuspenseStore(FleetStore, (s) => ({ name: s.rows?.get('r1')?.name, ticks: s.ticks }))
      seen.push(name)
      return <p>{`${name} ${ticks}`}</p>
    }
    const screen = await render(waiting(<Row />), { wrapper: provide(client) })
    await expect.element(screen.getByText('waiting')).toBeVisible()
    fake.load(FleetStore, FLEET)
    await expect.element(screen.getByText('one 1')).toBeVisible()
    expect(new Set(seen)).toEqual(new Set(['one']))
  })

  test('the whole store', async () => {
    const { client, fake } = openPage()
    const Whole = (): ReactNode => <p>{useSuspenseStore(FleetStore).rows?.size}</p>
    const screen = await render(waiting(<Whole />), { wrapper: provide(client) })
    await expect.element(screen.getByText('waiting')).toBeVisible()
    fake.load(FleetStore, FLEET)
    await expect.element(screen.getByText('2')).toBeVisible()
  })

  test('what is there already does not suspend', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    await client.store(FleetStore).ready('title')
    const screen = await render(waiting(<Title />), { wrapper: provide(client) })
    expect(screen.container.textContent).toBe('Harbour')
  })

  test('that there is nothing is data too', async () => {
    const { client, fake } = openPage()
    const Nobody = (): ReactNode => <p>{useSuspenseStore(FleetStore, ['rows', 'nobody'])?.name ?? 'undefined'}</p>
    const screen = await render(waiting(<Nobody />), { wrapper: provide(client) })
    fake.load(FleetStore, FLEET)
    await expect.element(screen.getByText('undefined')).toBeVisible()
  })

  test('through createHooks', async () => {
    const { client, fake } = openPage()
    const hooks = createHooks(client)
    const Bound = (): ReactNode => <p>{hooks.useSuspenseStore(FleetStore, (s: FleetState) => s.title)}</p>
    const screen = await render(waiting(<Bound />))
    await expect.element(screen.getByText('waiting')).toBeVisible()
    fake.load(FleetStore, FLEET)
    await expect.element(screen.getByText('Harbour')).toBeVisible()
  })

  test('waits longer than a request lasts, and is still followed when it comes', async () => {
    const { client, fake } = openPage({ graceMs: 0 })
    const screen = await render(waiting(<Title />), { wrapper: provide(client) })
    await expect.poll(() => watched(fake.log)).toEqual(['watch(1:title)'])
    const now = performance.now.bind(performance)
    const later = vi.spyOn(performance, 'now')
    // Three times as long as nobody would have asked again.
    for (let i = 1; i <= 3; i += 1) {
      later.mockImplementation(() => now() + i * 10_000)
      await new Promise((resolve) => setTimeout(resolve, 1200))
    }
    later.mockRestore()
    expect(watched(fake.log)).toEqual(['watch(1:title)'])
    fake.load(FleetStore, FLEET)
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    expect(watched(fake.log)).toEqual(['watch(1:title)'])
  })
})

describe('nothing is held by a render that is thrown away', () => {
  test('the request of a tree that never commits ends by itself', async () => {
    const { client, fake } = openPage({ graceMs: 0 })
    const screen = await render(waiting(<Title />), { wrapper: provide(client) })
    await expect.poll(() => fake.watches.size).toBe(1)
    await screen.unmount()
    await expect.poll(() => fake.watches.size, { timeout: 20_000 }).toBe(0)
  })

  test('so does that of a transition which is replaced by another', async () => {
    const { client, fake } = openPage({ graceMs: 0 })
    const Pages = ({ onSet }: { readonly onSet: (set: (page: string) => void) => void }): ReactNode => {
      const [page, setPage] = useState('none')
      onSet(setPage)
      return page === 'title' ? <Title /> : <p>{page}</p>
    }
    let go: (page: string) => void = () => undefined
    const screen = await render(waiting(<Pages onSet={(set) => (go = set)} />), { wrapper: provide(client) })
    startTransition(() => go('title'))
    await expect.poll(() => fake.watches.size).toBe(1)
    // Never hidden behind the fallback: a transition keeps what is shown.
    expect(screen.container.textContent).toBe('none')
    startTransition(() => go('other'))
    await expect.element(screen.getByText('other')).toBeVisible()
    await expect.poll(() => fake.watches.size, { timeout: 20_000 }).toBe(0)
  })

  test('a component that commits takes over, and gives up when it unmounts', async () => {
    const { client, fake } = openPage({ graceMs: 0 })
    fake.load(FleetStore, FLEET)
    const screen = await render(waiting(<Title />), { wrapper: provide(client) })
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    // The request has ended long ago.
    const now = performance.now.bind(performance)
    const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000)
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(fake.watches.size).toBe(1)
    later.mockRestore()
    await screen.unmount()
    await expect.poll(() => fake.watches.size, { timeout: 20_000 }).toBe(0)
    expect(watched(fake.log)).toEqual(['watch(1:title)', 'unwatch(1)'])
  })
})

describe('after the first data', () => {
  test('a lost connection, a resync and an error never bring the fallback back', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const Status = (): ReactNode => <i>{useStoreStatus(FleetStore, 'title').status}</i>
    const screen = await render(
      waiting(
        <>
          <Title />
          <Status />
        </>,
      ),
      { wrapper: provide(client) },
    )
    await expect.element(screen.getByText('live')).toBeVisible()
    for (const status of ['stale', 'loading', 'error', 'live', 'loading'] as const) {
      fake.statusAll(status, status === 'error' ? { code: 'denied', what: 'no longer' } : undefined)
      await expect.poll(() => screen.container.textContent).toBe(`Harbour${status === 'loading' ? 'stale' : status}`)
    }
  })

  test('a selector that comes to read more reads it as far as it is known, without the fallback', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const shown: string[] = []
    const Head = (): ReactNode => {
      const text = useSuspenseStore(FleetStore, (s) => (s.on ? s.title : `head ${s.head.name}`))
      shown.push(text)
      return <p>{text}</p>
    }
    const screen = await render(waiting(<Head />), { wrapper: provide(client) })
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    fake.load(FleetStore, { ...FLEET, on: false })
    await expect.element(screen.getByText('head head')).toBeVisible()
    expect(shown).toContain('head ')
    expect(screen.getByText('waiting').query()).toBeNull()
  })

  test('another path suspends; in a transition the old one stays on screen', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    let choose: (id: string) => void = () => undefined
    const Row = ({ onSet }: { readonly onSet: (set: (id: string) => void) => void }): ReactNode => {
      const [id, setId] = useState('r1')
      onSet(setId)
      return <p>{useSuspenseStore(FleetStore, ['rows', id, 'name']) ?? 'nobody'}</p>
    }
    const screen = await render(waiting(<Row onSet={(set) => (choose = set)} />), { wrapper: provide(client) })
    await expect.element(screen.getByText('one')).toBeVisible()
    const seen: (string | null)[] = []
    const observer = new MutationObserver(() => seen.push(screen.container.textContent))
    observer.observe(screen.container, { childList: true, subtree: true, characterData: true })
    startTransition(() => choose('r2'))
    await expect.element(screen.getByText('two')).toBeVisible()
    observer.disconnect()
    expect(seen.join()).not.toContain('waiting')
  })
})

describe('Activity', () => {
  const page = (mode: 'visible' | 'hidden'): ReactNode => (
    <Suspense fallback={<em>waiting</em>}>
      <Activity mode={mode}>
        <Title />
      </Activity>
    </Suspense>
  )

  test('shown again within the grace period: the last value, and no fallback', async () => {
    const { client, fake } = openPage({ graceMs: 60_000 })
    fake.load(FleetStore, FLEET)
    const screen = await render(page('visible'), { wrapper: provide(client) })
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    const texts: (string | null)[] = []
    const observer = new MutationObserver(() => texts.push(screen.container.textContent))
    observer.observe(screen.container, { childList: true, subtree: true, characterData: true })
    await screen.rerender(page('hidden'))
    fake.load(FleetStore, { ...FLEET, title: 'Port' })
    await expect.poll(() => client.store(FleetStore).get('title')).toBe('Port')
    await screen.rerender(page('visible'))
    await expect.element(screen.getByText('Port')).toBeVisible()
    observer.disconnect()
    expect(texts.join()).not.toContain('waiting')
  })

  test('shown again when the data is gone: it is asked for once more, and no zero value is shown', async () => {
    const { client, fake } = openPage({ graceMs: 0 })
    fake.load(FleetStore, FLEET)
    const screen = await render(page('visible'), { wrapper: provide(client) })
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    await screen.rerender(page('hidden'))
    await expect.poll(() => fake.watches.size, { timeout: 20_000 }).toBe(0)
    await screen.rerender(page('visible'))
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    expect(watched(fake.log)).toEqual(['watch(1:title)', 'unwatch(1)', 'watch(2:title)'])
  })
})

describe('errors', () => {
  test('before the first data: the nearest boundary gets the RivuletError', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { client, fake } = openPage()
    const screen = await render(waiting(<Title />), { wrapper: provide(client) })
    await expect.poll(() => fake.watches.size).toBe(1)
    fake.statusAll('error', { code: 'denied', what: 'not for you' })
    await expect.element(screen.getByText('caught: not for you')).toBeVisible()
    errors.mockRestore()
  })

  test('a disposed client: an error, not a wait for ever', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { client } = openPage()
    await client.dispose()
    const screen = await render(waiting(<Title />), { wrapper: provide(client) })
    await expect.element(screen.getByText(/caught: the client was disposed before the first data/)).toBeVisible()
    errors.mockRestore()
  })

  test('a path that leads nowhere', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { client } = openPage()
    const Nowhere = (): ReactNode => <p>{useSuspenseStore(FleetStore, 'nothing' as 'title')}</p>
    const screen = await render(waiting(<Nowhere />), { wrapper: provide(client) })
    await expect.element(screen.getByText(/caught: no such path/)).toBeVisible()
    errors.mockRestore()
  })

  test('what a selector throws although everything is there', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const Broken = (): ReactNode => (
      <p>
        {useSuspenseStore(FleetStore, (s) => {
          if (s.title === 'Harbour') throw new Error('broken selector')
          return s.title
        })}
      </p>
    )
    const screen = await render(waiting(<Broken />), { wrapper: provide(client) })
    await expect.element(screen.getByText('caught: broken selector')).toBeVisible()
    errors.mockRestore()
  })
})

test('a sibling that takes longer than the request lasts: both are shown in the end', async () => {
  const { client, fake } = openPage({ graceMs: 0 })
  fake.load(FleetStore, FLEET)
  let arrive = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const Slow = (): ReactNode => {
    use(gate)
    return null
  }
  const screen = await render(
    waiting(
      <>
        <Title />
        <Slow />
      </>,
    ),
    { wrapper: provide(client) },
  )
  await expect.poll(() => watched(fake.log)).toEqual(['watch(1:title)'])
  await expect.poll(() => fake.watches.size, { timeout: 20_000 }).toBe(0)
  arrive()
  await expect.element(screen.getByText('Harbour')).toBeVisible()
})
