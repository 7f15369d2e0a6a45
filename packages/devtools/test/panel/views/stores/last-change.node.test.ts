import { diffStates, encodeDelta } from '@rivulet/wire'
import { beforeEach, expect, it } from 'vitest'
import { createLastChange, type FindLastChange } from '../../../../src/panel/views/stores/last-change.ts'
import { createFakeModel, type FakeModel } from '../../../support/fake-model.ts'
import { YardStore, yardWith } from '../../../support/yard.ts'

let model: FakeModel
let find: FindLastChange
const state = yardWith(2)

beforeEach(() => {
  model = createFakeModel()
  find = createLastChange(model, YardStore)
})

/** A message of the store passes that changed this; returns its number. */
function pass(part: Partial<typeof state>): number {
  const delta = encodeDelta(YardStore, diffStates(YardStore, state, { ...state, ...part }) ?? {})
  return model.frame('storeupdate', 'in', { store: 'YardStore', update: 'partial' }, delta).seq
}
const asked = (): number => model.asked.reduce((sum, seqs) => sum + seqs.length, 0)

it('is the newest message that names the path, or brought the whole store', async () => {
  pass({ ticks: 1 })
  const seq = pass({ ticks: 2 })
  pass({ title: 'Dock' })
  expect(await find(['ticks'], state)).toMatchObject({ seq, full: false })
  expect(await find(['depths'], state)).toBeUndefined()
  const all = model.frame('storeupdate', 'in', { store: 'YardStore', update: 'full' }, new Uint8Array([1])).seq
  pass({ title: 'Quay' })
  expect(await find(['depths'], state)).toMatchObject({ seq: all, full: true })
})

it('is found far back, of as few messages as it takes', async () => {
  const seq = pass({ ticks: 1 })
  for (let i = 0; i < 100; i++) pass({ title: `Yard ${i}` })
  expect(await find(['ticks'], state)).toMatchObject({ seq })
  expect(model.asked.map(({ length }) => length)).toEqual([40, 40, 21])
})

it('asks only for what came since, and keeps what it found', async () => {
  const seq = pass({ ticks: 1 })
  expect(await find(['ticks'], state)).toMatchObject({ seq })
  const before = asked()
  expect(await find(['ticks'], state)).toMatchObject({ seq })
  expect(asked()).toBe(before)
  pass({ title: 'Dock' })
  expect(await find(['ticks'], state)).toMatchObject({ seq })
  expect(asked()).toBe(before + 1)
  const next = pass({ ticks: 3 })
  expect(await find(['ticks'], state)).toMatchObject({ seq: next })
})

it('is not looked for without end', async () => {
  pass({ ticks: 1 })
  for (let i = 0; i < 500; i++) pass({ title: `Yard ${i}` })
  expect(await find(['ticks'], state)).toBeUndefined()
  expect(asked()).toBe(400)
})

it('is no message of another store, none that failed, none that went out, and none whose bytes are gone', async () => {
  const seq = pass({ ticks: 1 })
  model.forget(pass({ ticks: 2 }))
  const about = { store: 'YardStore', update: 'full' } as const
  model.frame('storeupdate', 'in', { ...about, store: 'OtherStore' }, new Uint8Array([1]))
  model.frame('storeupdate', 'in', { ...about, error: { code: 'index', what: 'beyond the end' } }, new Uint8Array([1]))
  model.frame('storeupdate', 'out', about, new Uint8Array([1]))
  model.frame('storeupdate', 'in', { store: 'YardStore', update: 'partial' }, new Uint8Array([255, 255]))
  expect(await find(['ticks'], state)).toMatchObject({ seq })
})

it('that could not be asked for is asked for again', async () => {
  const seq = pass({ ticks: 1 })
  model.failure = new Error('asleep')
  await expect(find(['ticks'], state)).rejects.toThrow('asleep')
  model.failure = undefined
  expect(await find(['ticks'], state)).toMatchObject({ seq })
})
