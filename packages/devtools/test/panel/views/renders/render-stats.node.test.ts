import type { ProbeOrigin } from '@rivulet/client/inspect'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWithin } from '../../../../src/panel/views/parts/is-within.ts'
import { findEntry } from '../../../../src/panel/views/parts/find-entry.ts'
import { createPatchFrames } from '../../../../src/panel/views/renders/patch-frames.ts'
import { createRenderStats } from '../../../../src/panel/views/renders/render-stats.ts'
import { createTimings } from '../../../../src/panel/views/renders/timings.ts'
import { createFakeModel } from '../../../support/fake-model.ts'
import { boatMoved, moveBoat, yardOrigins } from '../../../support/page-patches.ts'

const origins = new Map(yardOrigins.map((origin) => [origin.id, origin]))

describe('statistics of renders', () => {
  test('instances of a component count together, by cause', () => {
    const stats = createRenderStats(origins)
    stats.add(boatMoved(1, 0))
    stats.add(boatMoved(2, 1))
    stats.add({ type: 'runs', at: 5, runs: [{ origin: 11, other: 3 }] })
    const [row, table] = stats.components
    expect(row).toMatchObject({ name: 'BoatRow', hook: 'useStore', instances: 2, told: 2, other: 3 })
    expect([...(row?.paths ?? [])]).toEqual(['YardStore boats.b0.x', 'YardStore boats.b1.x'])
    expect(table).toMatchObject({ name: 'BoatTable', instances: 1, told: 0, other: 2, ms: 0 })
    expect(row?.causes.map(({ told, other, patch }) => [told, other, patch?.number])).toEqual([
      [1, 0, 1],
      [1, 0, 2],
      [0, 3, undefined],
    ])
  })

  test('the time of a patch goes to those that it made render, by how often', () => {
    const stats = createRenderStats(origins)
    stats.add(
      boatMoved(1, 0, {
        runs: [
          { origin: 10, told: 3, other: 9 },
          { origin: 1, told: 1, other: 0 },
        ],
      }),
    )
    expect(stats.ms).toBeCloseTo(1)
    expect(stats.components.map(({ name, ms }) => [name, Number(ms.toFixed(3))])).toEqual([
      ['BoatRow', 0.75],
      ['BoatTable', 0.25],
    ])
  })

  test('who listens is known before it renders', () => {
    const stats = createRenderStats(new Map())
    stats.follows('YardStore', ['title'], [null, yardOrigins[0] as ProbeOrigin])
    expect(stats.components).toMatchObject([{ name: 'BoatTable', told: 0, other: 0, instances: 1 }])
    stats.clear()
    expect(stats.components).toEqual([])
    expect(stats.ms).toBe(0)
  })

  test('names, instances, paths and causes are bounded, and nothing is lost from the sums', () => {
    const many = new Map<number, ProbeOrigin>()
    for (let id = 0; id < 30_000; id++) many.set(id, { id, name: `C${id % 5000}`, runs: 0 })
    const stats = createRenderStats(many)
    for (let id = 0; id < 30_000; id++)
      stats.add({
        ...boatMoved(id, 0),
        changes: [{ store: 'S', path: [id], origins: [many.get(id) ?? null] }],
        runs: [{ origin: id, told: 1, other: 0 }],
      })
    expect(stats.components.length).toBe(2001)
    expect(stats.components.reduce((sum, { told }) => sum + told, 0)).toBe(30_000)
    for (const { paths, causes } of stats.components) {
      expect(paths.size).toBeLessThanOrEqual(20)
      expect(causes.length).toBeLessThanOrEqual(30)
    }
    expect(stats.components.find(({ name }) => name === 'others')?.told).toBe(18_000)
  })
})

test('percentiles of the newest durations', () => {
  const timings = createTimings(100)
  expect(timings.percentile(0.5)).toBe(0)
  for (let i = 1; i <= 150; i++) timings.add(i)
  expect([...timings.values()].slice(0, 2)).toEqual([51, 52])
  expect(timings.percentile(0.5)).toBe(100)
  expect(timings.percentile(0.95)).toBe(145)
  expect(timings.percentile(1)).toBe(150)
  timings.clear()
  expect([...timings.values()]).toEqual([])
})

test('a percentile is the value that so many are not above', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (all, share) => {
        const timings = createTimings(64)
        for (const ms of all) timings.add(ms)
        const value = timings.percentile(share)
        expect(all.filter((ms) => ms <= value).length).toBeGreaterThanOrEqual(Math.ceil(all.length * share))
        expect(all.filter((ms) => ms < value).length).toBeLessThan(Math.max(1, Math.ceil(all.length * share)))
      },
    ),
  )
})

describe('messages of a patch', () => {
  test('are the updates of the stores that it changed', () => {
    const model = createFakeModel()
    const frames = createPatchFrames(model)
    const first = model.frame('storeupdate', 'in', { store: 'YardStore' })
    model.frame('storeupdate', 'in', { store: 'OtherStore' })
    model.frame('event', 'in', { name: 'E' })
    const last = model.frame('storeupdate', 'in', { store: 'YardStore' })
    model.patch(7, 1, 4)
    frames.read()
    expect(frames.framesOf(boatMoved(7, 0), 9).map(({ seq }) => seq)).toEqual([first.seq, last.seq])
    expect(frames.framesOf(boatMoved(7, 0), 1).map(({ seq }) => seq)).toEqual([last.seq])
    // Not all of its changes are known, so every store may have had a part.
    expect(frames.framesOf(boatMoved(7, 0, { more: 3 }), 9)).toHaveLength(3)
    expect(frames.framesOf(boatMoved(8, 0), 9)).toEqual([])
    expect(frames.entryOf(boatMoved(7, 0))?.to).toBe(4)
  })

  test('are those of this page', () => {
    const model = createFakeModel()
    const frames = createPatchFrames(model)
    model.frame('storeupdate', 'in', { store: 'YardStore' })
    model.add({ type: 'patch', page: 2, number: 1, bytes: 1, from: 1, to: 1 })
    frames.read()
    expect(frames.entryOf(boatMoved(1, 0))).toBeUndefined()
  })

  test('are forgotten with the log, and when another engine counts anew', () => {
    const model = createFakeModel(10)
    const frames = createPatchFrames(model)
    for (let i = 1; i <= 100; i++) {
      moveBoat(model, i, 0)
      frames.read()
    }
    expect(frames.entryOf(boatMoved(90, 0))).toBeUndefined()
    expect(frames.framesOf(boatMoved(100, 0), 9)).toHaveLength(1)
    model.hello = { ...model.hello, since: model.hello.since + 1 }
    frames.read()
    expect(frames.entryOf(boatMoved(100, 0))).toBeUndefined()
  })
})

test('an entry is found by its number', () => {
  const model = createFakeModel(50)
  for (let i = 0; i < 80; i++) model.frame('event', 'in', { name: `E${i}` })
  expect(findEntry(model.entries, 31)).toMatchObject({ name: 'E30' })
  expect(findEntry(model.entries, 80)).toMatchObject({ name: 'E79' })
  expect(findEntry(model.entries, 30)).toBeUndefined()
  expect(findEntry(model.entries, 81)).toBeUndefined()
  // Some were lost on the way.
  model.entries.add({ type: 'page', seq: 200, at: 0, page: 2, step: 'joined' })
  expect(findEntry(model.entries, 200)).toMatchObject({ page: 2 })
  expect(findEntry(model.entries, 199)).toBeUndefined()
  expect(findEntry(model.entries, 60)).toMatchObject({ name: 'E59' })
})

test('what is within a path, as the attribution spells it', () => {
  expect(isWithin('S.boats["b1"].x', 'S.boats["b1"]')).toBe(true)
  expect(isWithin('S.boats', 'S.boats')).toBe(true)
  expect(isWithin('S.boatsAway', 'S.boats')).toBe(false)
  expect(isWithin('S', 'S.boats')).toBe(false)
})
