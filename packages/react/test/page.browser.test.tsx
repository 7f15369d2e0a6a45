import { memo, StrictMode, useState, type ReactNode } from 'react'
import { afterEach, describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { useStore, useStoreStatus } from '@rivulet/react'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { provide } from './support/provide.tsx'
import { renderCount } from './support/render-count.ts'
import { FLEET, FleetStore } from './support/schema.ts'

// The other tests use a fake client. These run the hooks on a real page: bytes arrive in patches, subscriptions leave in batches.
afterEach(closePages)

/** What the page asked of the engine about paths, in order. */
function requests(log: readonly string[]): string[] {
  return log.filter((entry) => /^(?:un)?watch\(/.test(entry))
}

describe('a real page', () => {
  test('follows what is read and shows it when it arrives', async () => {
    const { client, fake } = openPage()
    const Page = (): ReactNode => {
      const title = useStore(FleetStore, 'title')
      const { count } = useStore(FleetStore, (s) => ({ count: s.rows?.get('r2')?.count }))
      return <p>{`[${title}] ${count} ${useStoreStatus(FleetStore, 'title').loaded}`}</p>
    }
    const screen = await render(<Page />, { wrapper: provide(client) })
    await expect.element(screen.getByText('[] 0 false')).toBeVisible()
    await expect.poll(() => requests(fake.log)).toEqual(['watch(1:title 2:rows.r2.count)'])
    fake.load(FleetStore, FLEET)
    await expect.element(screen.getByText('[Harbour] 2 true')).toBeVisible()
  })

  test('feature 40: StrictMode asks once; unmount gives the paths back after the grace period', async () => {
    const { client, fake } = openPage({ graceMs: 30 })
    fake.load(FleetStore, FLEET)
    const Page = (): ReactNode => <p>{useStore(FleetStore, 'title')}</p>
    const screen = await render(
      <StrictMode>
        <Page />
      </StrictMode>,
      { wrapper: provide(client) },
    )
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    expect(requests(fake.log)).toEqual(['watch(1:title)'])
    await screen.unmount()
    expect(requests(fake.log)).toEqual(['watch(1:title)'])
    await expect.poll(() => requests(fake.log)).toEqual(['watch(1:title)', 'unwatch(1)'])
  })

  test('a component that comes back within the grace period shows the last value at once and asks for nothing', async () => {
    const { client, fake } = openPage({ graceMs: 60_000 })
    fake.load(FleetStore, FLEET)
    const seen: string[] = []
    const Title = ({ see }: { readonly see: (title: string) => void }): ReactNode => {
      const title = useStore(FleetStore, 'title')
      see(title)
      return <h1>{title}</h1>
    }
    const page = (shown: boolean): ReactNode => (shown ? <Title see={(title) => seen.push(title)} /> : null)
    const screen = await render(page(true), { wrapper: provide(client) })
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    await screen.rerender(page(false))
    seen.length = 0
    await screen.rerender(page(true))
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    expect(new Set(seen)).toEqual(new Set(['Harbour']))
    expect(requests(fake.log)).toEqual(['watch(1:title)'])
  })

  test('inline selectors whose reads move do not flap', async () => {
    const { client, fake } = openPage({ graceMs: 60_000 })
    fake.load(FleetStore, FLEET)
    const Page = ({ round }: { readonly round: number }): ReactNode => (
      <p>
        {round} {useStore(FleetStore, (s) => (s.on ? s.title : `${s.head.name}${round < 0}`))}
      </p>
    )
    const screen = await render(<Page round={0} />, { wrapper: provide(client) })
    await expect.element(screen.getByText('0 Harbour')).toBeVisible()
    for (let round = 1; round < 5; round += 1) await screen.rerender(<Page round={round} />)
    await expect.element(screen.getByText('4 Harbour')).toBeVisible()
    const before = fake.watches.size
    fake.load(FleetStore, { ...FLEET, on: false })
    await expect.element(screen.getByText('4 headfalse')).toBeVisible()
    await screen.rerender(<Page round={5} />)
    await expect.element(screen.getByText('5 headfalse')).toBeVisible()
    // Every path was asked for at most once, and none was given back while its grace period runs.
    const asked = [...fake.watches.values()].map(({ path }) => path.join('.'))
    expect(new Set(asked).size).toBe(asked.length)
    expect(requests(fake.log).filter((entry) => entry.startsWith('unwatch'))).toEqual([])
    expect(fake.watches.size - before).toBeLessThanOrEqual(1)
  })

  test('feature 43: of many rows only the one that changed renders', async () => {
    const { client, fake } = openPage()
    const ids = Array.from({ length: 200 }, (_, i) => `row ${i}`)
    const rows = new Map(ids.map((id, count) => [id, { name: id, count }]))
    fake.load(FleetStore, { ...FLEET, rows })
    const counts = renderCount()
    const Row = memo(({ id }: { readonly id: string }): ReactNode => {
      counts.add(id)
      return <li>{useStore(FleetStore, ['rows', id])?.count}</li>
    })
    const screen = await render(
      <ul>
        {ids.map((id) => (
          <Row key={id} id={id} />
        ))}
      </ul>,
      { wrapper: provide(client) },
    )
    await expect.element(screen.getByText('199', { exact: true })).toBeVisible()
    counts.reset()
    fake.load(FleetStore, { ...FLEET, rows: new Map(rows).set('row 7', { name: 'row 7', count: 7777 }) })
    await expect.element(screen.getByText('7777')).toBeVisible()
    expect(counts.all()).toEqual({ 'row 7': 1 })
  })

  test('a reconnect renders nobody whose value did not change, and shows no loading screen', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const counts = renderCount()
    const Title = memo((): ReactNode => {
      counts.add('title')
      return <h1>{useStore(FleetStore, 'title')}</h1>
    })
    const Sum = memo((): ReactNode => {
      counts.add('sum')
      return <b>{useStore(FleetStore, (s) => ({ sum: s.ticks + s.head.count })).sum}</b>
    })
    const Status = (): ReactNode => {
      const { status, loaded } = useStoreStatus(FleetStore, 'title')
      return <i>{`${status} ${loaded}`}</i>
    }
    const screen = await render(
      <>
        <Title />
        <Sum />
        <Status />
      </>,
      { wrapper: provide(client) },
    )
    await expect.element(screen.getByText('live true')).toBeVisible()
    counts.reset()
    fake.statusAll('stale')
    await expect.element(screen.getByText('stale true')).toBeVisible()
    fake.load(FleetStore, { ...FLEET, ticks: 5 })
    fake.statusAll('live')
    await expect.element(screen.getByText('live true')).toBeVisible()
    await expect.element(screen.getByText('5', { exact: true })).toBeVisible()
    expect(counts.all()).toEqual({ sum: 1 })
  })

  test('one patch is one commit: what belongs together appears together', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const seen: string[] = []
    const Title = (): ReactNode => <h1>{useStore(FleetStore, 'title')}</h1>
    const Page = ({ see }: { readonly see: (text: string) => void }): ReactNode => {
      const ticks = useStore(FleetStore, 'ticks')
      const both = useStore(FleetStore, (s) => `${s.ticks} ${s.title}`)
      const [first] = useState(both)
      see(`${ticks} | ${both}`)
      return (
        <>
          <p>{both}</p>
          <i>{first}</i>
        </>
      )
    }
    const screen = await render(
      <>
        <Title />
        <Page see={(text) => seen.push(text)} />
      </>,
      { wrapper: provide(client) },
    )
    await expect.element(screen.getByText('1 Harbour', { exact: true })).toBeVisible()
    seen.length = 0
    fake.load(FleetStore, { ...FLEET, ticks: 2, title: 'Port' })
    await expect.element(screen.getByText('2 Port')).toBeVisible()
    expect(new Set(seen)).toEqual(new Set(['2 | 2 Port']))
  })
})
