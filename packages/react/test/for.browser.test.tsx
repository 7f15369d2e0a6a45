import { createViews, For, useStore } from '@rivulet/react'
import { memo, StrictMode, useState, type ReactNode } from 'react'
import { afterEach, describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { Boundary } from './support/boundary.tsx'
import { createFakeClient } from './support/fake-client.ts'
import { provide } from './support/provide.tsx'
import { renderCount } from './support/render-count.ts'
import { FLEET, FleetStore, type Row } from './support/schema.ts'

afterEach(closePages)

const rowsOf = (names: readonly string[]): Map<string, Row> =>
  new Map(names.map((name, count) => [name, { name, count }]))

let mounts = 0
/** A row with a state of its own: the number of its mount. */
const Boat = memo(function Boat({ id }: { readonly id: string }): ReactNode {
  const [mount] = useState(() => ++mounts)
  const row = useStore(FleetStore, ['rows', id])
  return <li data-mount={mount}>{`${id}:${row?.count}`}</li>
})
const boat = (id: string): ReactNode => <Boat id={id} />

const List = (): ReactNode => (
  <ul>
    <For each={[FleetStore, 'rows']} fallback={<li>none</li>}>
      {boat}
    </For>
  </ul>
)

const items = (root: Element): HTMLElement[] => [...root.querySelectorAll('li')]
const texts = (root: Element): string[] => items(root).map((item) => item.textContent)
const mountsOf = (root: Element): Map<string, string | undefined> =>
  new Map(items(root).map((item) => [item.textContent.split(':')[0] as string, item.dataset['mount']]))

describe('For', () => {
  test('a row for each key, in the order of the map; the fallback when there is none', async () => {
    const { client, store } = createFakeClient()
    const { container } = await render(<List />, { wrapper: provide(client) })
    expect(texts(container)).toEqual(['r1:1', 'r2:2'])
    store.put(['rows'], null)
    await expect.poll(() => texts(container)).toEqual(['none'])
    store.put(['rows'], rowsOf(['x', 'y', 'z']))
    await expect.poll(() => texts(container)).toEqual(['x:0', 'y:1', 'z:2'])
  })

  test('rows keep their elements and their state while others come, go and move', async () => {
    const names = Array.from({ length: 350 }, (_, i) => `b${i}`)
    const { client, store } = createFakeClient({ ...FLEET, rows: rowsOf(names) })
    const { container } = await render(<List />, { wrapper: provide(client) })
    const before = mountsOf(container)
    expect(before.size).toBe(350)
    const orders = [
      ['new', ...names],
      [...names.slice(0, 40), 'x', 'y', ...names.slice(41, 340)],
      // Within a group.
      [...names.slice(0, 50).toReversed(), ...names.slice(50)],
    ]
    for (const order of orders) {
      store.put(['rows'], rowsOf(order))
      await expect.poll(() => texts(container)).toEqual(order.map((name, i) => `${name}:${i}`))
    }
    const after = mountsOf(container)
    // b40 was away once; the others have stayed.
    const again = names.filter((name) => after.get(name) !== before.get(name))
    expect(again).toEqual(['b40', ...names.slice(340)])
  })

  test('any order is followed, also across groups', async () => {
    const names = Array.from({ length: 250 }, (_, i) => `b${i}`)
    const { client, store } = createFakeClient({ ...FLEET, rows: rowsOf(names) })
    const { container } = await render(<List />, { wrapper: provide(client) })
    for (const order of [names.toReversed(), names.toSorted(), ['b249', ...names.slice(0, 249)]]) {
      store.put(['rows'], rowsOf(order))
      await expect.poll(() => texts(container)).toEqual(order.map((name, i) => `${name}:${i}`))
    }
  })

  test('renders the row that changed, and for a new key that row alone', async () => {
    const { client, store } = createFakeClient({ ...FLEET, rows: rowsOf(['a', 'b', 'c']) })
    const counts = renderCount()
    const Counted = ({ id }: { readonly id: string }): ReactNode => {
      counts.add(id)
      return <li>{useStore(FleetStore, ['rows', id, 'count'])}</li>
    }
    const counted = (id: string): ReactNode => {
      counts.add(`row ${id}`)
      return <Counted id={id} />
    }
    const { container } = await render(<For each={[FleetStore, ['rows']]}>{counted}</For>, { wrapper: provide(client) })
    counts.reset()
    store.put(['rows', 'b', 'count'], 9)
    await expect.poll(() => texts(container)).toEqual(['0', '9', '2'])
    expect(counts.all()).toEqual({ b: 1 })
    counts.reset()
    store.put(['rows', 'd'], { name: 'd', count: 4 })
    await expect.poll(() => texts(container)).toEqual(['0', '9', '2', '4'])
    expect(counts.all()).toEqual({ d: 1, 'row d': 1 })
  })

  test('another function renders all rows with it', async () => {
    const { client } = createFakeClient()
    const Page = ({ mark }: { readonly mark: string }): ReactNode => (
      <For each={[FleetStore, 'rows']}>{(id) => <li>{id + mark}</li>}</For>
    )
    const screen = await render(<Page mark="!" />, { wrapper: provide(client) })
    expect(texts(screen.container)).toEqual(['r1!', 'r2!'])
    await screen.rerender(<Page mark="?" />)
    expect(texts(screen.container)).toEqual(['r1?', 'r2?'])
  })

  test('a list gives its indices, another path other rows', async () => {
    const { client, store } = createFakeClient()
    const mark = (i: number): ReactNode => <li>{`mark ${i}`}</li>
    const Page = ({ marks }: { readonly marks: boolean }): ReactNode =>
      marks ? <For each={[FleetStore, 'marks']}>{mark}</For> : <For each={[FleetStore, 'rows']}>{boat}</For>
    const screen = await render(<Page marks />, { wrapper: provide(client) })
    expect(texts(screen.container)).toEqual(['mark 0', 'mark 1'])
    store.put(['marks'], ['a', 'b', 'c'])
    await expect.poll(() => texts(screen.container)).toEqual(['mark 0', 'mark 1', 'mark 2'])
    await screen.rerender(<Page marks={false} />)
    expect(texts(screen.container)).toEqual(['r1:1', 'r2:2'])
    expect(store.followed()).toEqual(['rows', 'rows.r1', 'rows.r2'])
  })

  test('works in StrictMode, without a provider, and lets go of everything', async () => {
    const { client, store } = createFakeClient()
    const views = createViews(client)
    const screen = await render(
      <StrictMode>
        <views.For each={[FleetStore, 'rows']}>{(id) => <li>{id}</li>}</views.For>
      </StrictMode>,
    )
    expect(texts(screen.container)).toEqual(['r1', 'r2'])
    store.put(['rows', 'r3'], { name: 'three', count: 3 })
    await expect.poll(() => texts(screen.container)).toEqual(['r1', 'r2', 'r3'])
    expect(store.followed()).toEqual(['rows'])
    await screen.unmount()
    expect(store.followed()).toEqual([])
  })

  test('a path without keys reaches the error boundary', async () => {
    const { client } = createFakeClient()
    const Wrong = (): ReactNode => (
      <Boundary>
        <For each={[FleetStore, 'title']}>{() => null}</For>
      </Boundary>
    )
    const screen = await render(<Wrong />, { wrapper: provide(client) })
    await expect.element(screen.getByText(/no map, set or list/)).toBeVisible()
  })

  test('on a real page: rows come with their data, one change renders one row', async () => {
    const { client, fake } = openPage()
    const counts = renderCount()
    const Real = memo(function Real({ id }: { readonly id: string }): ReactNode {
      counts.add(id)
      return <li>{`${id}:${useStore(FleetStore, ['rows', id])?.count}`}</li>
    })
    const real = (id: string): ReactNode => <Real id={id} />
    const rows = rowsOf(Array.from({ length: 300 }, (_, i) => `b${i}`))
    const { container } = await render(
      <For each={[FleetStore, 'rows']} fallback={<li>loading</li>}>
        {real}
      </For>,
      {
        wrapper: provide(client),
      },
    )
    expect(texts(container)).toEqual(['loading'])
    await expect.poll(() => fake.watches.size).toBe(1)
    fake.load(FleetStore, { ...FLEET, rows })
    await expect.poll(() => texts(container).at(-1)).toBe('b299:299')
    await expect.poll(() => fake.watches.size).toBe(301)
    counts.reset()
    fake.load(FleetStore, { ...FLEET, rows: new Map(rows).set('b7', { name: 'b7', count: 7777 }) })
    await expect.poll(() => texts(container)[7]).toBe('b7:7777')
    expect(counts.all()).toEqual({ b7: 1 })
  })
})
