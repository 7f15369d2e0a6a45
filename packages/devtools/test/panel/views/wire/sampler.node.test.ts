import { encodeDelta } from '@rivulet/wire'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSampler } from '../../../../src/panel/views/wire/sampler.ts'
import { createFakeModel } from '../../../support/fake-model.ts'
import { YardStore, yardWith } from '../../../support/yard.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const whole = encodeDelta(YardStore, { boats: { whole: yardWith(6).boats } })
const fine = encodeDelta(YardStore, { title: { set: 'x' } })

function setUp() {
  const model = createFakeModel()
  const found: string[] = []
  const sampler = createSampler(model, (entry, warnings) =>
    found.push(`${entry.seq} ${warnings.map(({ code }) => code).join()}`),
  )
  const update = (bytes: Uint8Array, more = {}): void =>
    sampler.add(model.frame('storeupdate', 'in', { store: 'YardStore', update: 'partial', ...more }, bytes))
  return { model, found, sampler, update }
}

test('judges what passes, and says which was bad', async () => {
  const { found, sampler, update } = setUp()
  update(fine)
  update(whole)
  expect(found).toEqual([])
  await vi.runAllTimersAsync()
  expect(found).toEqual(['2 whole'])
  expect([sampler.looked, sampler.passed]).toEqual([2, 0])
})

test('of a flood it takes the newest, in requests that are bounded, and counts the rest', async () => {
  const { model, sampler, update } = setUp()
  for (let i = 0; i < 10_000; i++) update(fine)
  await vi.runAllTimersAsync()
  expect(sampler.looked + sampler.passed).toBe(10_000)
  expect(sampler.looked).toBeLessThanOrEqual(512)
  expect(sampler.looked).toBeGreaterThanOrEqual(256)
  expect(model.asked.flat().at(-1)).toBe(10_000)
})

test('large messages are asked for a few at a time, and huge ones not at all', async () => {
  const { model, found, sampler, update } = setUp()
  const large = encodeDelta(YardStore, { raw: { whole: new Uint8Array(100_000) }, boats: { whole: yardWith(6).boats } })
  for (let i = 0; i < 12; i++) update(large)
  update(encodeDelta(YardStore, { raw: { whole: new Uint8Array(200_000) } }))
  await vi.runAllTimersAsync()
  expect(Math.max(...model.asked.map((seqs) => seqs.length))).toBe(5)
  expect(found).toHaveLength(12)
  expect(sampler.looked).toBe(12)
})

test('looks at a bounded number of parts at once and goes on later', async () => {
  const { model, sampler, update } = setUp()
  const many = encodeDelta(YardStore, { boats: { whole: yardWith(400).boats } })
  for (let i = 0; i < 8; i++) update(many)
  await vi.advanceTimersByTimeAsync(260)
  expect(sampler.looked).toBeLessThan(4)
  await vi.runAllTimersAsync()
  expect([sampler.looked, sampler.passed]).toEqual([8, 0])
  expect(model.asked.length).toBeGreaterThan(2)
})

test('what is not kept, not known, or cannot be asked for is passed over', async () => {
  const { model, sampler, update } = setUp()
  update(fine)
  model.forget(1)
  update(fine, { store: 'OtherStore' })
  update(fine, { error: { code: 'truncated', what: 'x' } })
  await vi.runAllTimersAsync()
  expect([sampler.looked, sampler.passed]).toEqual([0, 2])
  model.failure = new Error('gone')
  update(fine)
  await vi.runAllTimersAsync()
  expect([sampler.looked, sampler.passed]).toEqual([0, 3])
  model.failure = undefined
  update(fine)
  await vi.runAllTimersAsync()
  expect(sampler.looked).toBe(1)
  sampler.clear()
  expect([sampler.looked, sampler.passed]).toEqual([0, 0])
})

test('says nothing after its end, also of what was under way', async () => {
  const { model, found, sampler, update } = setUp()
  let release: () => void = () => undefined
  model.hold = new Promise((resolve) => (release = resolve))
  update(whole)
  await vi.advanceTimersByTimeAsync(300)
  expect(model.asked).toHaveLength(1)
  update(whole)
  sampler.destroy()
  release()
  await vi.runAllTimersAsync()
  expect(found).toEqual([])
  expect(model.asked).toHaveLength(1)
})
