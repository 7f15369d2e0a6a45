import type { StoreDiff } from '@rivulet/client'
import { createListHooks, useStore, useStoreDiff, useStoreKeys, useStoreSize, useStoreWindow } from '@rivulet/react'
import { Activity, memo, StrictMode, type ReactNode } from 'react'
import { afterEach, describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { board, BoardStore, row } from '../../client/test/support/board.ts'
import { closeHostedPages, openHostedPage } from '../../client/test/support/hosted-page.ts'
import { Boundary } from './support/boundary.tsx'
import { provide } from './support/provide.tsx'
import { renderCount } from './support/render-count.ts'

// The hooks on the whole client: page, engine and a host in miniature.

afterEach(closeHostedPages)

const rows = (n: number): ReturnType<typeof board>['items'] =>
  new Map(Array.from({ length: n }, (_, i) => [`k${i}`, row(`n${i}`, i)]))

const shown = (): string[] => [...document.querySelectorAll('li')].map((li) => li.textContent ?? '')

interface ItemProps {
  readonly id: string
  readonly add: (name: string) => void
}

const Item = memo(function Item({ id, add }: ItemProps): ReactNode {
  add(id)
  return <li>{`${id} ${useStore(BoardStore, ['items', id, 'x'])}`}</li>
})

describe('useStoreKeys', () => {
  test('renders for keys that come and go, never for contents; a row renders for its own', async () => {
    const { client, change } = openHostedPage(board({ items: rows(3) }))
    const renders = renderCount()
    const List = ({ add }: { readonly add: (name: string) => void }): ReactNode => {
      const ids = useStoreKeys(BoardStore, 'items')
      add('list')
      return ids.map((id) => <Item key={id} id={id} add={add} />)
    }
    const add = (name: string): void => renders.add(name)
    await render(<List add={add} />, { wrapper: provide(client) })
    await expect.poll(shown).toEqual(['k0 0', 'k1 1', 'k2 2'])
    renders.reset()
    change({ items: { mods: new Map([['k1', { x: { set: 7 } }]]) } })
    await expect.poll(shown).toEqual(['k0 0', 'k1 7', 'k2 2'])
    expect(renders.all()).toEqual({ k1: 1 })
    renders.reset()
    change({ items: { deletes: new Set(['k0']), sets: new Map([['k3', row('n', 3)]]) } })
    await expect.poll(shown).toEqual(['k1 7', 'k2 2', 'k3 3'])
    // The new row once as it comes, and once more if its value comes after its key.
    expect(renders.all()).toMatchObject({ list: 1 })
    expect(Object.keys(renders.all())).toEqual(['k3', 'list'])
  })

  test('in an order: a row that moves renders the list, one that changes in its place does not', async () => {
    const { client, change } = openHostedPage(board({ items: rows(100) }))
    const renders = renderCount()
    const Top = (): ReactNode => {
      const ids = useStoreKeys(BoardStore, 'items', { orderBy: 'x', direction: 'desc', limit: 3 })
      renders.add('top')
      return <p>{ids.join()}</p>
    }
    const screen = await render(<Top />, { wrapper: provide(client) })
    await expect.element(screen.getByText('k99,k98,k97')).toBeVisible()
    renders.reset()
    change({ items: { mods: new Map([['k98', { x: { set: 98.5 } }]]) } })
    change({ items: { mods: new Map([['k50', { x: { set: 60.5 } }]]) } })
    change({ items: { mods: new Map([['k0', { x: { set: 98.7 } }]]) } })
    await expect.element(screen.getByText('k99,k0,k98')).toBeVisible()
    expect(renders.all()).toEqual({ top: 1 })
  })

  test('reconnect and resync render nothing when the keys are the same', async () => {
    const hosted = openHostedPage(board({ items: rows(3) }))
    const renders = renderCount()
    const List = (): ReactNode => {
      renders.add('list')
      return <p>{useStoreKeys(BoardStore, 'items').join()}</p>
    }
    const Title = (): ReactNode => <b>{useStore(BoardStore, 'title')}</b>
    const screen = await render([<List key="list" />, <Title key="title" />], { wrapper: provide(hosted.client) })
    await expect.element(screen.getByText('k0,k1,k2')).toBeVisible()
    renders.reset()
    for (const [n, lose] of [hosted.drop, hosted.nonsense].entries()) {
      const before = hosted.subscribed
      lose()
      await expect.poll(() => hosted.subscribed).toBeGreaterThan(before)
      hosted.change({ title: { set: `after ${n}` } })
      await expect.element(screen.getByText(`after ${n}`)).toBeVisible()
    }
    expect(renders.all()).toEqual({})
  })

  test('without a change of what it says, new options objects ask for nothing', async () => {
    const { client, patches } = openHostedPage(board({ items: rows(3) }))
    const List = ({ n }: { readonly n: number }): ReactNode => (
      <p>{`${n} ${useStoreKeys(BoardStore, ['items'], { orderBy: ['x'], limit: 2 }).join()}`}</p>
    )
    const screen = await render(<List n={0} />, { wrapper: provide(client) })
    await expect.element(screen.getByText('0 k0,k1')).toBeVisible()
    const sent = patches.length
    for (let n = 1; n < 5; n++) await screen.rerender(<List n={n} />)
    await expect.element(screen.getByText('4 k0,k1')).toBeVisible()
    expect(patches.length).toBe(sent)
  })

  test('StrictMode subscribes once at the host; unmounting gives it back', async () => {
    const { client, host } = openHostedPage(board({ items: rows(3) }))
    const List = (): ReactNode => <p>{useStoreKeys(BoardStore, 'items').join()}</p>
    const screen = await render(
      <StrictMode>
        <List />
      </StrictMode>,
      { wrapper: provide(client) },
    )
    await expect.element(screen.getByText('k0,k1,k2')).toBeVisible()
    // The host throws when a key is subscribed twice.
    expect([...host.keys.keys()]).toEqual(['Items'])
    await screen.unmount()
    await expect.poll(() => [...host.keys.keys()]).toEqual([])
  })

  test('Activity: a hidden list lets go, and is right when it is shown again', async () => {
    const { client, host, change } = openHostedPage(board({ items: rows(2) }))
    const List = ({ limit }: { readonly limit: number }): ReactNode => (
      <p>{useStoreKeys(BoardStore, 'items', { orderBy: 'x', limit }).join()}</p>
    )
    const page = (mode: 'visible' | 'hidden', limit: number): ReactNode => (
      <Activity mode={mode}>
        <List limit={limit} />
      </Activity>
    )
    const screen = await render(page('visible', 2), { wrapper: provide(client) })
    await expect.element(screen.getByText('k0,k1')).toBeVisible()
    await screen.rerender(page('hidden', 2))
    await expect.poll(() => [...host.keys.keys()]).toEqual([])
    change({ items: { sets: new Map([['first', row('n', -1)]]) } })
    await screen.rerender(page('visible', 3))
    await expect.element(screen.getByText('first,k0,k1')).toBeVisible()
  })

  test('a path that is no list reaches the error boundary, as do options that cannot be, also later', async () => {
    const { client } = openHostedPage(board({ items: rows(2) }))
    const List = ({ limit }: { readonly limit: number }): ReactNode => (
      <p>{useStoreKeys(BoardStore, 'items', { limit }).length}</p>
    )
    const screen = await render(
      <Boundary>
        <List limit={1} />
      </Boundary>,
      { wrapper: provide(client) },
    )
    await screen.rerender(
      <Boundary>
        <List limit={-1} />
      </Boundary>,
    )
    await expect.element(screen.getByText(/^caught: limit cannot be -1/)).toBeVisible()
  })
})

describe('useStoreWindow and useStoreSize', () => {
  test('scrolling shows the old keys, with their offset, until the new ones are there', async () => {
    const { client } = openHostedPage(board({ items: rows(1000) }))
    const seen: string[] = []
    const List = ({ offset }: { readonly offset: number }): ReactNode => {
      const { keys, total, offset: from } = useStoreWindow(BoardStore, 'items', { orderBy: 'x', offset, limit: 3 })
      const text = `${from}: ${keys.join()} of ${total}`
      seen.push(text)
      return <p>{text}</p>
    }
    const screen = await render(<List offset={0} />, { wrapper: provide(client) })
    await expect.element(screen.getByText('0: k0,k1,k2 of 1000')).toBeVisible()
    seen.length = 0
    for (const offset of [100, 200, 300]) await screen.rerender(<List offset={offset} />)
    await expect.element(screen.getByText('300: k300,k301,k302 of 1000')).toBeVisible()
    // Every window that was ever shown was whole and in its own place.
    for (const text of seen) {
      const from = Number.parseInt(text, 10)
      expect(text).toBe(`${from}: k${from},k${from + 1},k${from + 2} of 1000`)
    }
  })

  test('a size renders when the number changes', async () => {
    const { client, change } = openHostedPage(board({ items: rows(10) }))
    const renders = renderCount()
    const Sizes = (): ReactNode => {
      const all = useStoreSize(BoardStore, 'items')
      const some = useStoreSize(BoardStore, 'items', { where: { field: 'x', op: '>', value: 7 } })
      renders.add('sizes')
      return <p>{`${all} ${some} ${useStoreSize(BoardStore, 'log')}`}</p>
    }
    const screen = await render(<Sizes />, { wrapper: provide(client) })
    await expect.element(screen.getByText('10 2 2')).toBeVisible()
    renders.reset()
    change({ items: { mods: new Map([['k9', { name: { set: 'other' } }]]) } })
    change({ items: { mods: new Map([['k1', { x: { set: 8 } }]]) } })
    await expect.element(screen.getByText('10 3 2')).toBeVisible()
    expect(renders.all()).toEqual({ sizes: 1 })
  })
})

describe('useStoreDiff', () => {
  test('tells what to draw, without a render; the latest listener is the one that hears', async () => {
    const { client, store, change } = openHostedPage(board({ items: rows(3) }))
    const { useStoreDiff: useBoundDiff } = createListHooks(client)
    const renders = renderCount()
    const drawn = new Map<string, number>()
    const heard: string[] = []
    const apply = ({ added, removed, changed }: StoreDiff<string>): void => {
      for (const id of removed) drawn.delete(id)
      for (const id of [...added, ...changed]) drawn.set(id, store.get(['items', id])?.x ?? NaN)
    }
    const Canvas = ({ name }: { readonly name: string }): ReactNode => {
      renders.add('canvas')
      useStoreDiff(BoardStore, ['items'], (diff) => {
        heard.push(`${name} ${diff.added.length}+${diff.removed.length}-${diff.changed.length}`)
        apply(diff)
      })
      useBoundDiff(BoardStore, 'items', () => undefined)
      return <p>{name}</p>
    }
    const tree = (name: string): ReactNode => (
      <StrictMode>
        <Canvas name={name} />
      </StrictMode>
    )
    const screen = await render(tree('one'), { wrapper: provide(client) })
    await expect.poll(() => heard).toEqual(['one 3+0-0'])
    await expect
      .poll(() => [...drawn])
      .toEqual([
        ['k0', 0],
        ['k1', 1],
        ['k2', 2],
      ])
    await screen.rerender(tree('two'))
    renders.reset()
    change({ items: { mods: new Map([['k1', { x: { set: 5 } }]]), deletes: new Set(['k0']) } })
    await expect.poll(() => heard).toEqual(['one 3+0-0', 'two 0+1-1'])
    expect([...drawn]).toEqual([
      ['k1', 5],
      ['k2', 2],
    ])
    expect(renders.all()).toEqual({})
    await screen.unmount()
  })

  test('a hidden page gets one call now and then, with everything since', async () => {
    const { client, change } = openHostedPage(board({ items: rows(3) }))
    const heard: StoreDiff<string>[] = []
    const Canvas = ({ hear }: { readonly hear: (diff: StoreDiff<string>) => void }): ReactNode => {
      useStoreDiff(BoardStore, 'items', hear)
      return null
    }
    await render(<Canvas hear={(diff) => heard.push(diff)} />, { wrapper: provide(client) })
    await expect.poll(() => heard.length).toBe(1)
    const show = (state: 'visible' | 'hidden'): void => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
      document.dispatchEvent(new Event('visibilitychange'))
    }
    show('hidden')
    const began = performance.now()
    for (let i = 0; i < 50; i++) {
      change({ items: { sets: new Map([[`new${i}`, row('n', i)]]), mods: new Map([['k1', { x: { set: 100 + i } }]]) } })
      await new Promise((resolve) => setTimeout(resolve))
    }
    show('visible')
    const named = (): number => heard.flatMap(({ added }) => added).length
    await expect.poll(named).toBe(53)
    // What went out at once, one a second while it was hidden, and the one that caught up.
    expect(heard.length - 1).toBeLessThanOrEqual(3 + (performance.now() - began) / 1000)
    expect(heard.at(-1)?.changed).toEqual(['k1'])
  })

  test('follows another path when the path is another', async () => {
    const { client } = openHostedPage(board({ items: rows(2), byId: new Map([[7, row('seven')]]) }))
    const heard: unknown[] = []
    interface Props {
      readonly field: 'items' | 'byId'
      readonly hear: (diff: StoreDiff<string | number>) => void
    }
    const hear = ({ added }: StoreDiff<string | number>): void => void heard.push(added)
    const Both = ({ field, hear: listener }: Props): ReactNode => {
      useStoreDiff(BoardStore, [field], listener)
      return null
    }
    const screen = await render(<Both field="items" hear={hear} />, { wrapper: provide(client) })
    await expect.poll(() => heard).toEqual([['k0', 'k1']])
    await screen.rerender(<Both field="byId" hear={hear} />)
    await expect.poll(() => heard).toEqual([['k0', 'k1'], [7]])
  })
})
