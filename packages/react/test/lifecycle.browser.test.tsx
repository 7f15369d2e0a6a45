import { Activity, startTransition, StrictMode, Suspense, use, useLayoutEffect, useState, type ReactNode } from 'react'
import { describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import type { Client } from '@rivulet/client'
import { RivuletProvider, useEvent, useStore } from '@rivulet/react'
import { createFakeClient } from './support/fake-client.ts'
import { provide } from './support/provide.tsx'
import { FleetStore, Tick } from './support/schema.ts'

/** Slow enough that React yields between siblings while it renders a transition. */
const Slow = ({ id }: { readonly id: number }): ReactNode => {
  const ticks = useStore(FleetStore, 'ticks')
  spin(4)
  return <i data-id={id}>{ticks}</i>
}
/** Grows in a transition. */
const Slowly = ({ onCommit }: { readonly onCommit: () => void }): ReactNode => {
  const [size, setSize] = useState(2)
  useLayoutEffect(onCommit)
  return (
    <>
      <button type="button" onClick={() => startTransition(() => setSize(20))}>
        grow
      </button>
      {Array.from({ length: size }, (_, id) => (
        <Slow key={id} id={id} />
      ))}
    </>
  )
}

describe('between render and effect', () => {
  test('a change in a layout effect is not lost, with a path and with a selector', async () => {
    const { client, store: fleet } = createFakeClient()
    const Early = ({ onLayout }: { readonly onLayout: () => void }): ReactNode => {
      const title = useStore(FleetStore, 'title')
      const ticks = useStore(FleetStore, (s) => s.ticks)
      // Layout effects run before React subscribes.
      useLayoutEffect(onLayout, [onLayout])
      return (
        <p>
          {title} {ticks}
        </p>
      )
    }
    const onLayout = (): void =>
      fleet.putAll([
        [['title'], 'early'],
        [['ticks'], 77],
      ])
    const screen = await render(<Early onLayout={onLayout} />, { wrapper: provide(client) })
    await expect.element(screen.getByText('early 77')).toBeVisible()
  })

  test('a change between the render and the effect of a new selector is not lost', async () => {
    const { client, store: fleet } = createFakeClient()
    interface Props {
      readonly field: 'title' | 'ticks'
      readonly onLayout: () => void
    }
    const Field = ({ field, onLayout }: Props): ReactNode => {
      const value = useStore(FleetStore, (s) => s[field])
      useLayoutEffect(onLayout, [onLayout])
      return <p>{value}</p>
    }
    const screen = await render(<Field field="title" onLayout={() => undefined} />, { wrapper: provide(client) })
    await screen.rerender(<Field field="ticks" onLayout={() => fleet.put(['ticks'], 123)} />)
    await expect.element(screen.getByText('123')).toBeVisible()
  })
})

describe('nothing is acquired in render', () => {
  test('a render that React throws away leaves no subscription', async () => {
    const { client, store: fleet, listening } = createFakeClient()
    const never = new Promise<never>(() => undefined)
    const Waits = (): ReactNode => {
      useStore(FleetStore, 'title')
      useStore(FleetStore, (s) => ({ ticks: s.ticks }))
      useEvent(Tick, () => undefined)
      return use(never)
    }
    const screen = await render(
      <StrictMode>
        <Suspense fallback={<p>waiting</p>}>
          <Waits />
        </Suspense>
      </StrictMode>,
      { wrapper: provide(client) },
    )
    await expect.element(screen.getByText('waiting')).toBeVisible()
    expect(fleet.subscriptions).toBe(0)
    expect(listening()).toEqual([])
    await screen.unmount()
    expect(fleet.subscriptions).toBe(0)
  })
})

describe('Activity', () => {
  test('a hidden tree lets go of everything, and is fresh in the commit that shows it again', async () => {
    const { client, store: fleet, listening } = createFakeClient()
    const shown: string[] = []
    const Fleet = ({ onLayout }: { readonly onLayout: (text: string) => void }): ReactNode => {
      const title = useStore(FleetStore, 'title')
      const { ticks } = useStore(FleetStore, (s) => ({ ticks: s.ticks }))
      useEvent(Tick, () => undefined)
      const text = `${title} ${ticks}`
      useLayoutEffect(() => onLayout(text), [onLayout, text])
      return <p>{text}</p>
    }
    const onLayout = (text: string): void => void shown.push(text)
    const page = (mode: 'visible' | 'hidden'): ReactNode => (
      <Activity mode={mode}>
        <Fleet onLayout={onLayout} />
      </Activity>
    )
    const screen = await render(page('visible'), { wrapper: provide(client) })
    expect(fleet.followed()).toEqual(['ticks', 'title'])
    await screen.rerender(page('hidden'))
    await expect.poll(() => fleet.followed()).toEqual([])
    expect(listening()).toEqual([])
    fleet.put(['title'], 'Port')
    fleet.put(['ticks'], 5)
    shown.length = 0
    await screen.rerender(page('visible'))
    await expect.element(screen.getByText('Port 5')).toBeVisible()
    await expect.poll(() => fleet.followed()).toEqual(['ticks', 'title'])
    expect(listening()).toEqual(['Tick'])
    // Not even the first commit showed what was known when the tree was hidden.
    expect(shown[0]).toBe('Port 5')
    fleet.put(['ticks'], 6)
    await expect.element(screen.getByText('Port 6')).toBeVisible()
  })
})

describe('transitions', () => {
  test('components never show different states of one store in one commit', async () => {
    const { client, store: fleet } = createFakeClient()
    const commits: string[] = []
    const onCommit = (): void =>
      void commits.push([...new Set([...document.querySelectorAll('i[data-id]')].map((i) => i.textContent))].join())
    const screen = await render(<Slowly onCommit={onCommit} />, { wrapper: provide(client) })
    ;(screen.getByRole('button').element() as HTMLElement).click()
    // A few changes land while the transition renders.
    for (let ticks = 10; ticks < 14; ticks += 1) {
      await new Promise(requestAnimationFrame)
      fleet.put(['ticks'], ticks)
    }
    await expect.poll(() => document.querySelectorAll('i[data-id]').length).toBe(20)
    await expect.poll(() => document.querySelector('i[data-id]')?.textContent).toBe('13')
    expect(commits.every((values) => !values.includes(','))).toBe(true)
  })
})

describe('client', () => {
  test('another client: the old store is let go, the new one is shown', async () => {
    const first = createFakeClient()
    const second = createFakeClient({ title: 'Second', ticks: 2 })
    const Page = (): ReactNode => (
      <p>
        {useStore(FleetStore, 'title')} {useStore(FleetStore, (s) => s.ticks)}
      </p>
    )
    const root = (client: Client): ReactNode => (
      <RivuletProvider client={client}>
        <Page />
      </RivuletProvider>
    )
    const screen = await render(root(first.client))
    await expect.element(screen.getByText('Harbour 1')).toBeVisible()
    await screen.rerender(root(second.client))
    await expect.element(screen.getByText('Second 2')).toBeVisible()
    await expect.poll(() => first.store.followed()).toEqual([])
    expect(second.store.followed()).toEqual(['ticks', 'title'])
  })
})

/** Keeps the thread busy, so that React runs out of its time slice. */
function spin(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}
