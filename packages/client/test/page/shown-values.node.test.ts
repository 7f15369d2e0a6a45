import { encodeState, encodeValue, type Path, type PathPart, shareValue } from '@rivulet/wire'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { cores } from '../../src/page/core-of.ts'
import { createKeys } from '../../src/page/create-keys.ts'
import { createSelection } from '../../src/page/create-selection.ts'
import { optimistic } from '../../src/page/optimistic.ts'
import type { StoreCore } from '../../src/page/page-store.ts'
import type { ProbeWrite } from '../../src/page/probe.ts'
import { createShownValues, type ShownValues } from '../../src/page/shown-values.ts'
import { typeAt } from '../../src/page/schema-walk.ts'
import { structNode } from '../../src/page/struct-node.ts'
import { answerOf } from '../support/answer-call.ts'
import { eventually } from '../support/eventually.ts'
import { putParts, walk } from '../support/fake-engine.ts'
import { type Fleet, FleetStore, makeBoat, makeFleet, Rename, types } from '../support/fleet.ts'
import { closePages, failureOf, openPage, type TestPage } from '../support/page.ts'

afterEach(closePages)

const root = structNode(types, FleetStore.state)

function write(path: Path, value: unknown): ProbeWrite {
  return { path, bytes: value === undefined ? null : encodeValue(types, typeAt(FleetStore, root, path), value) }
}
const whole = (state: Fleet): ProbeWrite => ({ path: [], bytes: encodeState(FleetStore, state) })

interface Shown extends TestPage {
  readonly core: StoreCore
  readonly shown: ShownValues
  readonly heard: string[]
  get(path: Path): unknown
  version(path: Path): number
}

/** A page that follows these paths of a fleet. */
async function following(paths: readonly Path[], fleet: Fleet = makeFleet()): Promise<Shown> {
  const page = openPage()
  const heard: string[] = []
  for (const path of paths) page.store.subscribe(path as never, () => heard.push(path.join('.')))
  page.fake.load(FleetStore, fleet)
  await Promise.all(paths.map((path) => page.store.ready(path as never)))
  heard.length = 0
  const core = cores.get(page.store as never) as StoreCore
  return {
    ...page,
    core,
    shown: createShownValues(core),
    heard,
    get: (path) => page.store.get(path as never),
    version: (path) => page.store.version(path as never),
  }
}

function change(
  { fake }: TestPage,
  at: Path,
  parts: readonly { readonly path: Path; readonly value: unknown }[],
): void {
  fake.patch((w) => {
    const watch = fake.watches.get(fake.watchAt(FleetStore, at))
    if (watch !== undefined) putParts(w, FleetStore, watch, parts)
  })
}

const fleet = makeFleet({
  boats: new Map([
    ['a', makeBoat('Ada')],
    ['b', makeBoat('Bea')],
  ]),
  marks: [1, 2, 3],
})

describe('showing values', () => {
  test('tells those whose value differs, and nobody else', async () => {
    const page = await following(
      [['title'], ['count'], ['boats'], ['boats', 'a'], ['boats', 'b'], ['boats', 'a', 'name']],
      fleet,
    )
    const b = page.get(['boats', 'b'])
    page.shown.show([write(['boats', 'a', 'name'], 'Amy')])
    expect(page.heard.toSorted()).toEqual(['boats', 'boats.a', 'boats.a.name'])
    expect(page.get(['boats', 'a', 'name'])).toBe('Amy')
    expect(page.get(['boats', 'a'])).toMatchObject({ name: 'Amy' })
    expect(page.get(['boats', 'b'])).toBe(b)
    page.heard.length = 0
    page.shown.show([write(['boats', 'a', 'name'], 'Amy')])
    expect(page.heard).toEqual([])
  })

  test("that are the same as the host's changes nothing, versions neither", async () => {
    const page = await following([['title'], ['boats']], fleet)
    const before = [page.get(['boats']), page.version(['boats']), page.version(['title'])]
    page.shown.show([whole(fleet)])
    expect([page.get(['boats']), page.version(['boats']), page.version(['title'])]).toEqual(before)
    expect(page.get(['boats'])).toBe(before[0])
    expect(page.heard).toEqual([])
  })

  test('of another time keeps what is the same, from one moment to the next', async () => {
    const page = await following([['boats'], ['boats', 'a'], ['boats', 'b'], ['count']], fleet)
    const earlier = { ...fleet, boats: new Map(fleet.boats).set('a', makeBoat('Amy')) }
    const [a, b] = [page.get(['boats', 'a']), page.get(['boats', 'b'])]
    page.shown.show([whole(earlier)])
    const amy = page.get(['boats', 'a'])
    expect(amy).toMatchObject({ name: 'Amy' })
    expect(page.get(['boats', 'b'])).toBe(b)
    expect(page.heard.toSorted()).toEqual(['boats', 'boats.a'])
    page.heard.length = 0
    page.shown.show([whole({ ...earlier, count: 99 })])
    expect(page.heard).toEqual(['count'])
    expect(page.get(['boats', 'a'])).toBe(amy)
    page.heard.length = 0
    page.shown.show([])
    expect(page.get(['boats', 'a'])).toBe(a)
    expect(page.heard.toSorted()).toEqual(['boats', 'boats.a', 'count'])
  })

  test('a version differs whenever the value may', async () => {
    const page = await following([['title']])
    const versions = [page.version(['title'])]
    for (const title of ['One', 'Two', 'One']) {
      page.shown.show([write(['title'], title)])
      versions.push(page.version(['title']))
    }
    page.shown.show([])
    expect(new Set(versions).size).toBe(4)
    expect(page.version(['title'])).toBe(versions[0])
  })

  test('what the host sends meanwhile shows where nothing is written, and afterwards', async () => {
    const page = await following([['boats'], ['title']], fleet)
    page.shown.show([write(['boats', 'a', 'name'], 'Amy'), write(['title'], 'Shown')])
    page.heard.length = 0
    change(page, ['boats'], [{ path: ['b', 'name'], value: 'Bob' }])
    change(page, ['title'], [{ path: [], value: 'Host' }])
    await eventually(() => expect(page.heard).toContain('title'))
    expect(page.get(['boats', 'b', 'name'])).toBe('Bob')
    expect(page.get(['boats', 'a', 'name'])).toBe('Amy')
    const version = page.version(['title'])
    expect(page.get(['title'])).toBe('Shown')
    change(page, ['title'], [{ path: [], value: 'Host 2' }])
    await eventually(() => expect(page.heard).toEqual(['boats', 'title', 'title']))
    expect(page.version(['title'])).toBe(version)
    page.heard.length = 0
    page.shown.show([])
    expect(page.get(['title'])).toBe('Host 2')
    expect(page.get(['boats', 'a', 'name'])).toBe('Ada')
    expect(page.heard.toSorted()).toEqual(['boats', 'title'])
  })

  test('keys and list ends can be gone', async () => {
    const page = await following([['boats'], ['boats', 'a'], ['marks']], fleet)
    page.shown.show([write(['boats', 'a'], undefined), write(['marks', 1], undefined)])
    expect([...(page.get(['boats']) as ReadonlyMap<string, unknown>).keys()]).toEqual(['b'])
    expect(page.get(['boats', 'a'])).toBeUndefined()
    expect(page.get(['marks'])).toEqual([1])
    page.shown.show([])
    expect(page.get(['marks'])).toEqual([1, 2, 3])
  })

  test('where nothing has arrived a value of the place itself shows, and one below it does not', async () => {
    const page = openPage()
    const core = cores.get(page.store as never) as StoreCore
    const shown = createShownValues(core)
    page.store.subscribe('title', () => undefined)
    shown.show([write(['title'], 'Shown'), write(['boats', 'a', 'name'], 'Amy')])
    expect(page.store.get('title')).toBe('Shown')
    expect(page.store.version('title')).not.toBe(0)
    expect(page.store.version('boats')).toBe(0)
    expect(page.store.status('title')).toBe('loading')
  })

  test('selections and keys follow', async () => {
    const page = await following([['boats']], fleet)
    const names = createSelection(page.store, (s) => [...(s.boats?.values() ?? [])].map((boat) => boat.name))
    const keys = createKeys(page.store, 'boats')
    const heard: string[] = []
    names.subscribe(() => heard.push('names'))
    keys.subscribe(() => heard.push('keys'))
    expect([names.get(), keys.get()]).toEqual([
      ['Ada', 'Bea'],
      ['a', 'b'],
    ])
    page.shown.show([write(['boats', 'c'], makeBoat('Cat'))])
    expect([names.get(), keys.get()]).toEqual([
      ['Ada', 'Bea', 'Cat'],
      ['a', 'b', 'c'],
    ])
    page.shown.show([])
    expect([names.get(), keys.get()]).toEqual([
      ['Ada', 'Bea'],
      ['a', 'b'],
    ])
    expect(heard.toSorted()).toEqual(['keys', 'keys', 'names', 'names'])
  })

  test('what cannot be shown is refused, and what was shown stays', async () => {
    const page = await following([['title']])
    page.shown.show([write(['title'], 'Shown')])
    const text = encodeValue(types, { kind: 'string' }, 'x')
    const refused = (bad: ProbeWrite): unknown => {
      try {
        return page.shown.show([write(['title'], 'Other'), bad])
      } catch (e) {
        return (e as { code?: unknown }).code
      }
    }
    expect(refused({ path: ['nowhere'], bytes: text })).toBe('path')
    expect(refused({ path: ['title'], bytes: null })).toBe('path')
    expect(refused({ path: [], bytes: null })).toBe('path')
    expect(refused({ path: ['title'], bytes: new Uint8Array(0) })).toEqual(expect.any(String))
    expect(page.get(['title'])).toBe('Shown')
  })
})

describe('with calls under way', () => {
  const renamed = optimistic(FleetStore, (draft: { title: string; count: number }) => {
    draft.title = `${draft.title}!`
  })

  test('their changes lie over what is shown, and are worked out anew over it', async () => {
    const page = await following([['title'], ['count']])
    const call = failureOf(page.client.call(Rename, { id: 'a', name: 'x' }, { optimistic: renamed }))
    const title = page.core.base(['title']) as string
    expect(page.get(['title'])).toBe(`${title}!`)
    page.heard.length = 0
    page.shown.show([write(['title'], 'Shown'), write(['count'], 7)])
    expect(page.get(['title'])).toBe('Shown!')
    expect(page.get(['count'])).toBe(7)
    expect(page.heard.toSorted()).toEqual(['count', 'title'])
    page.shown.show([])
    expect(page.get(['title'])).toBe(`${title}!`)
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    page.fake.calls[0]?.answer(answerOf(Rename, 1, 'no'))
    await call
    expect(page.get(['title'])).toBe(title)
  })

  test('a call that ends while values are shown leaves them', async () => {
    const page = await following([['title']])
    page.shown.show([write(['title'], 'Shown')])
    const call = failureOf(page.client.call(Rename, { id: 'a', name: 'x' }, { optimistic: renamed }))
    expect(page.get(['title'])).toBe('Shown!')
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    page.fake.calls[0]?.answer(answerOf(Rename, 1, 'no'))
    await call
    expect(page.get(['title'])).toBe('Shown')
  })
})

describe('properties', () => {
  const name = fc.constantFrom('Ada', 'Bea', 'Cat')
  const boats = fc
    .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), name), { selector: ([id]) => id })
    .map((rows) => new Map(rows.map(([id, boat]) => [id, makeBoat(boat)])))
  const states = fc
    .record({
      title: name,
      count: fc.integer({ min: 0, max: 2 }),
      boats,
      marks: fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 }),
    })
    .map((parts) => makeFleet(parts))
  const paths: readonly Path[] = [
    [],
    ['title'],
    ['count'],
    ['boats'],
    ['boats', 'a'],
    ['boats', 'b', 'name'],
    ['marks'],
    ['marks', 1],
  ]

  test('everybody reads the state that is shown, hears exactly of what differs, and keeps what is equal', async () => {
    await fc.assert(
      fc.asyncProperty(states, fc.array(fc.option(states), { maxLength: 6 }), async (host, moments) => {
        const page = await following(paths, host)
        let now = host
        for (const moment of [...moments, null]) {
          const before = paths.map((path) => [page.get(path), page.version(path)] as const)
          page.heard.length = 0
          page.shown.show(moment === null ? [] : [whole(moment)])
          now = moment ?? host
          for (const [i, path] of paths.entries()) {
            const [value, version] = before[i] as readonly [unknown, number]
            const after = page.get(path)
            expect(after).toEqual(walk(FleetStore, now, path))
            // The same value is the same object; another one has another version, and its listeners have heard.
            const node = typeAt(FleetStore, root, path)
            const isSame = Object.is(shareValue(types, node, value, walk(FleetStore, now, path), false), value)
            expect(Object.is(after, value)).toBe(isSame)
            expect(page.heard.filter((one) => one === path.join('.'))).toHaveLength(isSame ? 0 : 1)
            expect(isSame || page.version(path) !== version).toBe(true)
          }
        }
        await closePages()
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('writes of parts come in order', async () => {
    const part: fc.Arbitrary<readonly [readonly PathPart[], unknown]> = fc.oneof(
      fc.tuple(fc.constant(['title']), name),
      fc.tuple(fc.constant(['boats', 'a', 'name']), name),
      fc.tuple(
        fc.constant(['boats', 'b']),
        fc.oneof(
          fc.constant(undefined),
          name.map((one) => makeBoat(one)),
        ),
      ),
    )
    const page = await following([[]], fleet)
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        page.shown.show(parts.map(([path, value]) => write(path, value)))
        const model = { title: fleet.title, boats: new Map(fleet.boats) }
        for (const [[field, id, below], value] of parts) {
          if (field === 'title') model.title = value as string
          else if (value === undefined) model.boats.delete(id as string)
          else if (below === undefined) model.boats.set(id as string, value as never)
          else
            model.boats.set(id as string, { ...makeBoat(''), ...model.boats.get(id as string), name: value as string })
        }
        expect(page.get([])).toMatchObject(model)
      }),
    )
  })
})
