import * as resub from 'resub'
import { StrictMode, startTransition, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { withResubAutoSubscriptions, withRivuletSubscriptions } from '../../src/resub.ts'
import { createFakeClient } from '../../../react/test/support/fake-client.ts'
import { decorate } from '../support/decorate.ts'
import { makeBoat, makeFleet, FleetStore, type Fleet } from '../support/fleet.ts'
import { boatKey, FleetResub } from '../support/fleet-resub.ts'
import { closePages, openPage } from '../support/page.ts'
import type { PageStore } from '../../src/page/types.ts'

// Each trap of ReSub on React, with what the reference does. This file runs twice: as it is, and compiled by React Compiler.

afterEach(async () => {
  await closePages()
  vi.unstubAllGlobals()
})

/** A store whose changes are there before `put` returns. */
function syncFleet(state: Fleet = makeFleet()): {
  readonly boats: FleetResub
  readonly put: (name: string, value: unknown) => void
} {
  const { store } = createFakeClient(state, FleetStore)
  return { boats: new FleetResub(store.page as PageStore<Fleet>), put: (name, value) => store.put([name], value) }
}

const strict = (app: ReactNode): ReactNode => <StrictMode>{app}</StrictMode>

// The compiler takes module constants for constant, so the stores of these components live where an app has them: in the module.
let { boats, put } = syncFleet()
beforeEach(() => {
  ;({ boats, put } = syncFleet())
})
/** Does something once, after the render and before its effects. */
function Meanwhile({ act }: { readonly act: () => void }): ReactNode {
  const done = useRef(false)
  useLayoutEffect(() => {
    if (done.current) return
    done.current = true
    act()
  })
  return null
}

const Count = withRivuletSubscriptions(() => <i>{`count ${boats.getCount()}`}</i>)

const harbour = { getTitle: (): string => boats.getTitle(), getCount: (): number => boats.getCount() }

describe('React Compiler', () => {
  function Title(): ReactNode {
    const title = harbour.getTitle()
    return <h2>Title: {title}</h2>
  }
  const Page = withRivuletSubscriptions(Title)
  const Old = resub.withResubAutoSubscriptions(Title)
  const compiled = String(Title).includes('$[')

  test('a getter of a constant store is read again', async () => {
    // Reference: compiled, `getTitle()` and the <h2> are cached behind an empty slot, computed once and shown for ever, without a warning.
    const screen = await render(strict(<Page />))
    await expect.element(screen.getByText('Title: Harbour')).toBeVisible()
    put('title', 'Port')
    await expect.element(screen.getByText('Title: Port')).toBeVisible()
  })

  test('ReSub’s own wrapper shows the first title for ever, when the component was compiled', async () => {
    const seen: string[] = []
    const stop = boats.subscribe(() => seen.push(boats.getTitle()), 'title')
    const screen = await render(<Old />)
    await expect.element(screen.getByText('Title: Harbour')).toBeVisible()
    put('title', 'Port')
    await expect.poll(() => seen).toEqual(['Port'])
    await expect.element(screen.getByText(compiled ? 'Title: Harbour' : 'Title: Port')).toBeVisible()
    boats.unsubscribe(stop)
  })
})

describe('updates', () => {
  const toSeven = (): void => put('count', 7)

  test('what changes between the render and its effects is not lost', async () => {
    // Reference: `useEffect` subscribes and looks at nothing; the page shows 2 until something else changes (DOM 2, store 7).
    const Page = withRivuletSubscriptions(() => {
      const count = boats.getCount()
      return (
        <p>
          {count} boats
          <Meanwhile act={toSeven} />
        </p>
      )
    })
    const screen = await render(strict(<Page />))
    await expect.element(screen.getByText('7 boats')).toBeVisible()
  })

  test('ReSub’s own component wrapper loses it, which is why there is another one', async () => {
    const Page = resub.withResubAutoSubscriptions(function Page(): ReactNode {
      'use no memo'
      const count = boats.getCount()
      return (
        <p>
          {count} boats
          <Meanwhile act={toSeven} />
        </p>
      )
    })
    const screen = await render(<Page />)
    await expect.element(screen.getByText('2 boats')).toBeVisible()
    expect(boats.getCount()).toBe(7)
    // But it works on a Rivulet store as on any other.
    put('count', 8)
    await expect.element(screen.getByText('8 boats')).toBeVisible()
  })

  test('of other ReSub stores nothing is lost either', async () => {
    class Counter extends resub.StoreBase {
      #n = 1
      get(): number {
        return this.#n
      }
      set(n: number): void {
        this.#n = n
        this.trigger()
      }
    }
    decorate(Counter, { get: { by: resub.autoSubscribe }, set: { by: resub.disableWarnings } })
    const counter = new Counter()
    let renders = 0
    const toTwo = (): void => counter.set(2)
    const Page = withRivuletSubscriptions(() => {
      renders++
      return (
        <p>
          {`count ${counter.get()}`}
          <Meanwhile act={toTwo} />
        </p>
      )
    })
    const screen = await render(<Page />)
    await expect.element(screen.getByText('count 2')).toBeVisible()
    counter.set(3)
    await expect.element(screen.getByText('count 3')).toBeVisible()
    expect(renders).toBeLessThanOrEqual(4)
  })

  test('a transition shows one state everywhere', async () => {
    const Page = (): ReactNode => {
      const [many, setMany] = useState(1)
      return (
        <div data-testid="all">
          <button onClick={() => startTransition(() => setMany(3))}>more</button>
          {Array.from({ length: many }, (_, i) => (
            <Count key={i} />
          ))}
        </div>
      )
    }
    const screen = await render(strict(<Page />))
    await screen.getByText('more').click()
    put('count', 5)
    await expect.element(screen.getByTestId('all')).toHaveTextContent('morecount 5count 5count 5')
  })
})

describe('subscriptions', () => {
  test('only the component whose key changed renders', async () => {
    const { fake, store } = openPage()
    const fleet = new FleetResub(store)
    fake.load(FleetStore, makeFleet())
    const renders: string[] = []
    const Boat = withRivuletSubscriptions(({ id }: { readonly id: string }): ReactNode => {
      renders.push(id)
      return <li>{`${id}: ${fleet.getBoatAt(boatKey(id))?.name}`}</li>
    })
    const screen = await render(
      <ul>
        <Boat id="a" />
        <Boat id="b" />
      </ul>,
    )
    await expect.element(screen.getByText('a: Ada')).toBeVisible()
    await expect.element(screen.getByText('b: Bo')).toBeVisible()
    renders.length = 0
    const next = makeFleet()
    fake.load(FleetStore, {
      ...next,
      boats: new Map([
        ['a', makeBoat('Eve')],
        ['b', makeBoat('Bo', 2)],
      ]),
    })
    await expect.element(screen.getByText('a: Eve')).toBeVisible()
    // `b` is an equal but new object to the fake host, so it may be sent; it is the real engine that compares.
    expect(renders.filter((id) => id === 'a')).toHaveLength(1)
  })

  test('feature 40: StrictMode asks the host once, and the paths are given back after unmounting', async () => {
    const { fake, store } = openPage({ graceMs: 30 })
    const fleet = new FleetResub(store)
    fake.load(FleetStore, makeFleet())
    const Page = withRivuletSubscriptions(() => <p>{fleet.getTitle()}</p>)
    const screen = await render(strict(<Page />))
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    const requests = (): string[] => fake.log.filter((entry) => /^(?:un)?watch\(/.test(entry))
    expect(requests()).toEqual(['watch(1:title)'])
    await screen.unmount()
    await expect.poll(requests).toEqual(['watch(1:title)', 'unwatch(1)'])
  })

  test('getters in conditions and loops, and other keys in the next render', async () => {
    // Reference: every getter is two hooks (three in development), so a condition changes their number and React throws.
    const Page = withRivuletSubscriptions(() => {
      const [full, setFull] = useState(false)
      const parts = full ? ['a', 'b'].map((id) => boats.getBoatAt(boatKey(id))?.name ?? '?') : []
      return (
        <button
          onClick={() => setFull(!full)}
        >{`${full ? boats.getCount() : boats.getTitle()} ${parts.join()}`}</button>
      )
    })
    const screen = await render(strict(<Page />))
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    await screen.getByRole('button').click()
    await expect.element(screen.getByText('2 Ada,Bo')).toBeVisible()
    put('count', 3)
    await expect.element(screen.getByText('3 Ada,Bo')).toBeVisible()
    await screen.getByRole('button').click()
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    put('title', 'Port')
    await expect.element(screen.getByText('Port')).toBeVisible()
  })

  test('a component that is broken by a change does not keep others from it', async () => {
    // Reference: a subscriber that throws leaves a static flag behind, and no store of the page triggers again.
    vi.stubGlobal('reportError', () => undefined)
    boats.subscribe(() => {
      throw new Error('a subscriber is broken')
    }, 'title')
    const Page = withRivuletSubscriptions(() => <p>{boats.getTitle()}</p>)
    const screen = await render(strict(<Page />))
    for (const title of ['one', 'two']) {
      put('title', title)
      await expect.element(screen.getByText(title)).toBeVisible()
    }
  })

  test('a trigger block that is never popped freezes nobody', async () => {
    resub.StoreBase.pushTriggerBlock()
    try {
      const Page = withRivuletSubscriptions(() => <p>{boats.getTitle()}</p>)
      const screen = await render(strict(<Page />))
      put('title', 'still moving')
      await expect.element(screen.getByText('still moving')).toBeVisible()
    } finally {
      resub.StoreBase.popTriggerBlock()
    }
  })

  test('one callback on two keys hears of both, whichever of them another component gives up', async () => {
    const heard: string[] = []
    const callback = (keys?: string[]): void => void heard.push(...(keys ?? []))
    const title = boats.subscribe(callback, 'title')
    boats.subscribe(callback, 'count')
    put('count', 4)
    boats.unsubscribe(title)
    await expect.poll(() => heard).toEqual(['count'])
  })
})

describe('the wrapper', () => {
  test('renders on a server, where nothing is followed', () => {
    const { store, fake } = openPage()
    const fleet = new FleetResub(store)
    const Page = withRivuletSubscriptions(() => <p>{`[${fleet.getTitle()}]`}</p>)
    expect(renderToString(<Page />)).toBe('<p>[]</p>')
    expect(fake.log.filter((entry) => entry.startsWith('watch'))).toEqual([])
  })

  test('gives ReSub’s options back, also when the component throws', () => {
    const before = resub.Options.development
    const Broken = withRivuletSubscriptions((): ReactNode => {
      throw new Error('broken')
    })
    expect(() => renderToString(<Broken />)).toThrow('broken')
    expect(resub.Options.development).toBe(before)
  })

  test('has a name for tools, and the one that ReSub’s has', () => {
    const wrapped = withRivuletSubscriptions(function Turn() {
      return null
    })
    expect((wrapped as { displayName?: string }).displayName).toBe('withRivuletSubscriptions(Turn)')
    expect(withResubAutoSubscriptions).toBe(withRivuletSubscriptions)
  })
})
