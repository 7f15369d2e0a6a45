import { memo, StrictMode, type ReactNode } from 'react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { RivuletProvider, useStore } from '@rivulet/react'
import { createFakeClient } from './support/fake-client.ts'
import { provide } from './support/provide.tsx'
import { renderCount } from './support/render-count.ts'
import { FleetStore } from './support/schema.ts'

describe('useStore with a path', () => {
  test('feature 43: renders exactly the components whose path changed', async () => {
    const { client, store: fleet } = createFakeClient()
    const counts = renderCount()
    const Name = memo(({ id }: { readonly id: string }): ReactNode => {
      counts.add(id)
      return <li>{useStore(FleetStore, ['rows', id, 'name'])}</li>
    })
    const Title = (): ReactNode => {
      counts.add('title')
      return <h1>{useStore(FleetStore, 'title')}</h1>
    }
    const screen = await render(
      <RivuletProvider client={client}>
        <Title />
        <Name id="r1" />
        <Name id="r2" />
      </RivuletProvider>,
    )
    expect(fleet.followed()).toEqual(['rows.r1.name', 'rows.r2.name', 'title'])
    counts.reset()
    fleet.put(['rows', 'r2', 'name'], 'zwei')
    await expect.element(screen.getByText('zwei')).toBeVisible()
    expect(counts.all()).toEqual({ r2: 1 })
    fleet.put(['rows', 'r1', 'count'], 99)
    fleet.put(['title'], 'Port')
    await expect.element(screen.getByText('Port')).toBeVisible()
    expect(counts.all()).toEqual({ r2: 1, title: 1 })
  })

  test('an inline tuple does not subscribe again in later renders', async () => {
    const { client, store: fleet } = createFakeClient()
    const Row = ({ renders }: { readonly renders: number }): ReactNode => (
      <p>
        {useStore(FleetStore, ['rows', 'r1', 'name'])} {renders}
      </p>
    )
    const screen = await render(<Row renders={1} />, { wrapper: provide(client) })
    const { subscriptions } = fleet
    await screen.rerender(<Row renders={2} />)
    await screen.rerender(<Row renders={3} />)
    await expect.element(screen.getByText('one 3')).toBeVisible()
    expect(fleet.subscriptions).toBe(subscriptions)
  })

  test('follows another path when the path changes, and only that one', async () => {
    const { client, store: fleet } = createFakeClient()
    const Row = ({ id }: { readonly id: string }): ReactNode => <p>{useStore(FleetStore, ['rows', id, 'name'])}</p>
    const screen = await render(<Row id="r1" />, { wrapper: provide(client) })
    await expect.element(screen.getByText('one')).toBeVisible()
    await screen.rerender(<Row id="r2" />)
    await expect.element(screen.getByText('two')).toBeVisible()
    await expect.poll(() => fleet.followed()).toEqual(['rows.r2.name'])
  })

  test('a missing map element reads as undefined and appears when it arrives', async () => {
    const { client, store: fleet } = createFakeClient()
    const Row = (): ReactNode => <p>{useStore(FleetStore, ['rows', 'r9'])?.name ?? 'nobody'}</p>
    const screen = await render(<Row />, { wrapper: provide(client) })
    await expect.element(screen.getByText('nobody')).toBeVisible()
    fleet.put(['rows', 'r9'], { name: 'nine', count: 9 })
    await expect.element(screen.getByText('nine')).toBeVisible()
  })

  test('reads as the zero value before any data', async () => {
    const { client, store: fleet } = createFakeClient(null)
    const Zero = (): ReactNode => <p>{JSON.stringify(useStore(FleetStore, 'head'))}</p>
    const screen = await render(<Zero />, { wrapper: provide(client) })
    await expect.element(screen.getByText('{"name":"","count":0}')).toBeVisible()
    fleet.put(['head'], { name: 'n', count: 1 })
    await expect.element(screen.getByText('{"name":"n","count":1}')).toBeVisible()
  })

  test('without a query it reads the whole state', async () => {
    const { client, store: fleet } = createFakeClient()
    const Whole = (): ReactNode => {
      const { title, ticks } = useStore(FleetStore)
      return (
        <p>
          {title} {ticks}
        </p>
      )
    }
    const screen = await render(<Whole />, { wrapper: provide(client) })
    expect(fleet.followed()).toEqual([''])
    fleet.put(['ticks'], 2)
    await expect.element(screen.getByText('Harbour 2')).toBeVisible()
  })
})

describe('useStore with a selector', () => {
  test('features 40 and 109: subscribes to what the selector reads and nothing else', async () => {
    const { client, store: fleet } = createFakeClient()
    const counts = renderCount()
    const Head = (): ReactNode => {
      counts.add('head')
      return <p>{useStore(FleetStore, (s) => `${s.head.name}/${s.ticks}`)}</p>
    }
    const screen = await render(<Head />, { wrapper: provide(client) })
    expect(fleet.followed()).toEqual(['head.name', 'ticks'])
    counts.reset()
    fleet.put(['title'], 'unread')
    fleet.put(['head', 'count'], 5)
    fleet.put(['ticks'], 7)
    await expect.element(screen.getByText('head/7')).toBeVisible()
    expect(counts.all()).toEqual({ head: 1 })
  })

  test('fresh objects neither loop nor wake memoized children', async () => {
    const errors = vi.spyOn(console, 'error')
    const { client, store: fleet } = createFakeClient()
    const counts = renderCount()
    const Child = memo(({ value }: { readonly value: { readonly on: boolean; readonly title: string } }): ReactNode => {
      counts.add('child')
      return <p>{`${value.title} ${value.on}`}</p>
    })
    const Parent = ({ renders }: { readonly renders: number }): ReactNode => {
      counts.add('parent')
      const value = useStore(FleetStore, (s) => ({ on: s.on, title: s.title, ...countOf(renders) }))
      return (
        <>
          <Child value={value} />
          <i>{renders}</i>
        </>
      )
    }
    const screen = await render(<Parent renders={0} />, { wrapper: provide(client) })
    await screen.rerender(<Parent renders={1} />)
    await screen.rerender(<Parent renders={2} />)
    await expect.element(screen.getByText('2', { exact: true })).toBeVisible()
    expect(counts.all()).toEqual({ parent: 3, child: 1 })
    fleet.put(['title'], 'Port')
    await expect.element(screen.getByText('Port true')).toBeVisible()
    expect(counts.all()).toEqual({ parent: 4, child: 2 })
    expect(errors).not.toHaveBeenCalled()
  })

  test('a result that is equal does not render', async () => {
    const { client, store: fleet } = createFakeClient()
    const counts = renderCount()
    const Parity = (): ReactNode => {
      counts.add('parity')
      return <p>{useStore(FleetStore, (s) => ({ even: s.ticks % 2 === 0 })).even ? 'even' : 'odd'}</p>
    }
    const screen = await render(<Parity />, { wrapper: provide(client) })
    fleet.put(['ticks'], 3)
    fleet.put(['ticks'], 5)
    fleet.put(['ticks'], 6)
    await expect.element(screen.getByText('even')).toBeVisible()
    expect(counts.all()).toEqual({ parity: 2 })
  })

  test('uses the equality that it is given', async () => {
    const { client, store: fleet } = createFakeClient()
    const counts = renderCount()
    const close = (a: number, b: number): boolean => Math.abs(a - b) < 10
    const Coarse = (): ReactNode => {
      counts.add('coarse')
      return <p>{useStore(FleetStore, (s) => s.ticks, close)}</p>
    }
    const screen = await render(<Coarse />, { wrapper: provide(client) })
    fleet.put(['ticks'], 9)
    fleet.put(['ticks'], 20)
    await expect.element(screen.getByText('20')).toBeVisible()
    expect(counts.all()).toEqual({ coarse: 2 })
  })

  test('what is read may change with the data', async () => {
    const { client, store: fleet } = createFakeClient()
    const counts = renderCount()
    const Either = (): ReactNode => {
      counts.add('either')
      return <p>{useStore(FleetStore, (s) => (s.on ? s.title : s.head.name))}</p>
    }
    const screen = await render(<Either />, { wrapper: provide(client) })
    expect(fleet.followed()).toEqual(['on', 'title'])
    fleet.put(['head', 'name'], 'ignored so far')
    expect(counts.all()).toEqual({ either: 1 })
    fleet.put(['on'], false)
    await expect.element(screen.getByText('ignored so far')).toBeVisible()
    expect(fleet.followed()).toEqual(['head.name', 'on'])
    fleet.put(['title'], 'no longer read')
    fleet.put(['head', 'name'], 'read now')
    await expect.element(screen.getByText('read now')).toBeVisible()
    expect(counts.all()).toEqual({ either: 3 })
  })

  test('reads that change while the result stays are followed too', async () => {
    const { client, store: fleet } = createFakeClient()
    fleet.putAll([
      [['title'], 'same'],
      [['head', 'name'], 'same'],
    ])
    const Either = (): ReactNode => <p>{useStore(FleetStore, (s) => (s.on ? s.title : s.head.name))}</p>
    const screen = await render(<Either />, { wrapper: provide(client) })
    fleet.put(['on'], false)
    fleet.put(['head', 'name'], 'other')
    await expect.element(screen.getByText('other')).toBeVisible()
  })

  test('what is read may change with props', async () => {
    const { client, store: fleet } = createFakeClient()
    const Field = ({ field }: { readonly field: 'title' | 'ticks' }): ReactNode => (
      <p>{useStore(FleetStore, (s) => s[field])}</p>
    )
    const screen = await render(<Field field="title" />, { wrapper: provide(client) })
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    await screen.rerender(<Field field="ticks" />)
    await expect.element(screen.getByText('1')).toBeVisible()
    await expect.poll(() => fleet.followed()).toEqual(['ticks'])
    fleet.put(['ticks'], 4)
    await expect.element(screen.getByText('4')).toBeVisible()
  })

  test('another store: an equality never sees values of the one before', async () => {
    const { client, store: fleet } = createFakeClient()
    const Other: typeof FleetStore = { ...FleetStore, name: 'OtherStore' }
    const foreign: unknown[] = []
    const same = (a: string, b: string): boolean => {
      foreign.push(...[a, b].filter((value) => !['', 'Port'].includes(value)))
      return a === b
    }
    const Title = ({ def }: { readonly def: typeof FleetStore }): ReactNode => (
      <p>[{useStore(def, (s) => s.title, same)}]</p>
    )
    const screen = await render(<Title def={FleetStore} />, { wrapper: provide(client) })
    await expect.element(screen.getByText('[Harbour]')).toBeVisible()
    await screen.rerender(<Title def={Other} />)
    await expect.element(screen.getByText('[]')).toBeVisible()
    expect(foreign).toEqual([])
    expect(fleet.followed()).toEqual([])
  })

  test('a value taken from the state keeps its identity in effects and memo', async () => {
    const { client, store: fleet } = createFakeClient()
    const seen = new Set<unknown>()
    const Rows = (): ReactNode => {
      const rows = useStore(FleetStore, (s) => s.rows)
      seen.add(rows)
      return <p>{rows?.size} rows</p>
    }
    const screen = await render(<Rows />, { wrapper: provide(client) })
    fleet.put(['title'], 'x')
    await screen.rerender(<Rows />)
    expect(seen.size).toBe(1)
    fleet.put(['rows', 'r3'], { name: 'three', count: 3 })
    await expect.element(screen.getByText('3 rows')).toBeVisible()
    expect(seen.size).toBe(2)
  })
})

describe('StrictMode', () => {
  test('feature 40: leaves one subscription per component, and none after unmount', async () => {
    const { client, store: fleet } = createFakeClient()
    const Both = (): ReactNode => (
      <p>
        {useStore(FleetStore, 'title')} {useStore(FleetStore, (s) => s.ticks)}
      </p>
    )
    const screen = await render(
      <StrictMode>
        <Both />
      </StrictMode>,
      { wrapper: provide(client) },
    )
    expect(fleet.followed()).toEqual(['ticks', 'title'])
    fleet.put(['ticks'], 2)
    await expect.element(screen.getByText('Harbour 2')).toBeVisible()
    await screen.unmount()
    expect(fleet.followed()).toEqual([])
  })
})

afterEach(() => {
  vi.restoreAllMocks()
})

// An object without properties, made anew from something the selector closes over: the selector is another function in every render,
// with the compiler as well.
function countOf(_renders: number): object {
  return {}
}
