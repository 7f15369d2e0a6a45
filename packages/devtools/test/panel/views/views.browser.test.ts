import type { FeedEntry, FrameKind } from '@rivulet/client/inspect'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { View } from '../../../src/panel/view.ts'
import { callsView } from '../../../src/panel/views/calls/index.ts'
import { rendersView } from '../../../src/panel/views/renders/index.ts'
import { wireView } from '../../../src/panel/views/wire/index.ts'
import type { PageEvent } from '../../../src/protocol.ts'
import { createFakeModel, type FakeModel } from '../../support/fake-model.ts'
import { mountView } from '../../support/mount-view.ts'
import { boatMoved, moveBoat, nameOrigins, yardOrigins } from '../../support/page-patches.ts'
import { Add } from '../../support/yard.ts'

const views: readonly View[] = [wireView, rendersView, callsView]

/** A model with a little of everything. */
function busy(): FakeModel {
  const model = createFakeModel()
  nameOrigins(model)
  model.frame('storesub', 'out', { store: 'YardStore', action: 'subscribe', key: 'Boots' })
  for (let i = 1; i < 40; i++) moveBoat(model, i, i % 3)
  model.add({ type: 'call', page: 1, id: 1, name: Add.name, step: 'asked' })
  model.frame('rpccall', 'out', { name: Add.name, call: 1 }, new Uint8Array([2, 4]))
  model.frame('event', 'in', { name: 'Yard.Ping' }, new Uint8Array([1, 97]))
  return model
}

const word = fc.constantFrom('YardStore', 'Yard.Add', 'Yard.Ping', 'Yard.Horn', 'x', '', '<i>&', '%&')
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined })
const error = fc.record({ code: fc.constant('rpc' as const), what: word, hint: word })
const kinds: readonly FrameKind[] = [
  'storeupdate',
  'storesub',
  'event',
  'keyedevent',
  'keyedeventsub',
  'rpccall',
  'rpccallresp',
  'viewernotice',
  'datastreamendpoint',
  'other',
]
const base = { seq: fc.constant(0), at: fc.integer({ min: 1_800_000_000_000, max: 1_800_000_100_000 }) }
const page = fc.integer({ min: 1, max: 2 })
const small = fc.integer({ min: 0, max: 5 })

/** Any entry, also such as no engine would send. */
const entry = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...base,
      type: fc.constant('frame'),
      dir: fc.constantFrom('in', 'out'),
      kind: fc.constantFrom(...kinds),
      bytes: fc.constantFrom(0, 3, 40, 2e6),
      event: maybe(word),
      store: maybe(word),
      name: maybe(word),
      key: maybe(word),
      update: maybe(fc.constantFrom('full', 'partial')),
      action: maybe(fc.constantFrom('subscribe', 'unsubscribe')),
      call: maybe(small),
      took: maybe(fc.double({ min: 0, max: 9, noNaN: true })),
      error: maybe(error),
    }),
  },
  fc.record({
    ...base,
    type: fc.constant('patch'),
    page,
    number: small,
    bytes: small,
    from: maybe(small),
    to: maybe(small),
  }),
  fc.record({
    ...base,
    type: fc.constant('call'),
    page,
    id: small,
    name: word,
    step: fc.constantFrom('asked', 'answered', 'failed', 'cancelled'),
    error: maybe(error),
  }),
  fc.record({ ...base, type: fc.constant('resync'), store: word, error }),
  fc.record({ ...base, type: fc.constant('error'), error }),
  fc.record({ ...base, type: fc.constant('page'), page, step: fc.constantFrom('joined', 'left') }),
)

const origin = fc.option(fc.constantFrom(...yardOrigins, { id: 99, name: '<b>', runs: 0 }), { nil: null })
const happened = fc.oneof(
  fc.record({
    number: small,
    more: small,
    changes: fc.array(
      fc.record({ store: word, path: fc.array(word, { maxLength: 3 }), origins: fc.array(origin, { maxLength: 3 }) }),
      { maxLength: 3 },
    ),
    runs: fc.array(fc.record({ origin: fc.constantFrom(1, 10, 12, 77), told: small, other: small }), { maxLength: 3 }),
  }),
  fc.array(fc.record({ origin: fc.constantFrom(1, 10, 77), other: small }), { maxLength: 3 }),
)
const step = fc.oneof(
  fc.record({ entry }),
  fc.record({ happened }),
  fc.record({ click: fc.nat(200) }),
  fc.constant({ clear: true }),
  fc.record({ engine: small }),
)

/** What a step does to the model. */
function apply(
  model: FakeModel,
  all: readonly HTMLElement[],
  one: typeof step extends fc.Arbitrary<infer T> ? T : never,
): void {
  if ('entry' in one) {
    const { seq: _, ...rest } = Object.fromEntries(Object.entries(one.entry).filter(([, value]) => value !== undefined))
    model.add(rest as unknown as FeedEntry)
  } else if ('happened' in one) {
    const event: PageEvent = Array.isArray(one.happened)
      ? { type: 'runs', at: 1, runs: one.happened }
      : boatMoved(one.happened.number, 0, one.happened)
    model.happened(event)
  } else if ('click' in one) all[one.click % Math.max(1, all.length)]?.click()
  else if ('clear' in one) model.clear()
  else model.hello = { ...model.hello, since: one.engine, you: 1 + (one.engine % 2) }
}

describe.each(views.map((view) => [view.title, view] as const))('%s', (_, view) => {
  test('every field and list has a name, and buttons say what they do', () => {
    const shown = mountView(view, busy())
    const unnamed = shown
      .all('input, select, textarea, [role=listbox], [role=table]')
      .filter((field) => (field.ariaLabel ?? '') === '')
    expect(unnamed).toEqual([])
    expect(
      shown.all('button').filter((button) => button.textContent.trim() === '' && (button.ariaLabel ?? '') === ''),
    ).toEqual([])
  })

  test('has no styles of its own in markup, which a strict page would refuse', () => {
    const shown = mountView(view, busy())
    expect(shown.all('style, script, link')).toEqual([])
    expect(view.css).not.toMatch(/url\(|@import/)
  })

  test('lists are reached with the keyboard, and their rows walked with arrows', () => {
    const model = busy()
    const shown = mountView(view, model)
    const [list] = shown.all('[role=listbox]')
    expect(list?.tabIndex).toBe(0)
    expect(() => list?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))).not.toThrow()
    expect(shown.all('.rv-row[aria-selected=true]').length).toBeGreaterThanOrEqual(
      model.entries.size > 0 && view !== rendersView ? 1 : 0,
    )
  })

  test('says what it has nothing to show of', () => {
    const shown = mountView(view, createFakeModel())
    const said = shown.all('.empty').filter((note) => !note.hidden && note.textContent !== '')
    expect(said.length).toBeGreaterThan(0)
  })

  test('leaves no timer and no listener behind', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const model = busy()
    const shown = mountView(view, model)
    shown.view.update()
    expect(vi.getTimerCount()).toBeGreaterThan(0)
    shown.view.destroy()
    expect(vi.getTimerCount()).toBe(0)
    expect(model.listening.size).toBe(0)
  })

  test('stands whatever passes and wherever somebody clicks, with a bounded number of elements', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const model = createFakeModel(30)
        nameOrigins(model)
        const shown = mountView(view, model)
        for (const one of steps) {
          apply(model, shown.all('button, .rv-row'), one)
          shown.view.update()
        }
        await Promise.resolve()
        shown.view.update()
        expect(shown.all('*').length).toBeLessThan(4000)
        // Nothing of what passed became markup.
        expect(shown.all('i, h4 b, li b b')).toEqual([])
        shown.view.destroy()
        shown.root.remove()
      }),
      { numRuns: 40 },
    )
  })
})
