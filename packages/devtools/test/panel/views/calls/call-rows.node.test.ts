import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCallRows } from '../../../../src/panel/views/calls/call-rows.ts'
import { createFakeModel, type FakeModel } from '../../../support/fake-model.ts'

const asked = (model: FakeModel, id: number, name = 'A', page = 1) =>
  model.add({ type: 'call', page, id, name, step: 'asked' })
const ended = (model: FakeModel, id: number, step: 'answered' | 'failed' | 'cancelled', page = 1) =>
  model.add({
    type: 'call',
    page,
    id,
    name: 'A',
    step,
    took: 7,
    ...(step === 'failed' ? { error: { code: 'rpc' as const, what: 'no' } } : {}),
  })
const sent = (model: FakeModel, call?: number, name = 'A') =>
  model.frame('rpccall', 'out', { name, ...(call === undefined ? {} : { call }) })
const came = (model: FakeModel, call: number) => model.frame('rpccallresp', 'in', { name: 'A', call })

test('a call from asking to its answer', () => {
  const model = createFakeModel()
  const calls = createCallRows(model.entries)
  asked(model, 1)
  calls.read()
  expect(calls.rows.at(0)).toMatchObject({ name: 'A', state: 'asked' })
  expect(calls.pending).toBe(1)
  const frame = sent(model, 31)
  calls.read()
  expect(calls.rows.at(0)).toMatchObject({ state: 'pending', sent: frame })
  const answer = came(model, 31)
  ended(model, 1, 'answered')
  calls.read()
  expect(calls.rows.at(0)).toMatchObject({ state: 'answered', sent: frame, answer, took: 7 })
  expect(calls.rows.size).toBe(1)
  expect(calls.pending).toBe(0)
})

test('answers out of order, and calls of the same name from two pages', () => {
  const model = createFakeModel()
  const calls = createCallRows(model.entries)
  asked(model, 1, 'A', 1)
  asked(model, 1, 'A', 2)
  asked(model, 2, 'B', 1)
  sent(model, 11)
  sent(model, 12)
  sent(model, 13, 'B')
  came(model, 12)
  ended(model, 1, 'answered', 2)
  calls.read()
  const states = [0, 1, 2]
    .map((i) => calls.rows.at(i))
    .map((row) => [row?.name, row?.page, row?.sent?.call, row?.state])
  expect(states).toEqual([
    ['A', 1, 11, 'pending'],
    ['A', 2, 12, 'answered'],
    ['B', 1, 13, 'pending'],
  ])
})

test('a call that is given up before it is sent is not taken for the next one', () => {
  const model = createFakeModel()
  const calls = createCallRows(model.entries)
  asked(model, 1)
  asked(model, 2)
  ended(model, 1, 'cancelled')
  sent(model, 5)
  calls.read()
  expect(calls.rows.at(0)).toMatchObject({ state: 'cancelled' })
  expect(calls.rows.at(0)?.sent).toBeUndefined()
  expect(calls.rows.at(1)).toMatchObject({ state: 'pending', sent: { call: 5 } })
})

test('failures, calls without an answer, and messages of calls whose beginning was not seen', () => {
  const model = createFakeModel()
  const calls = createCallRows(model.entries)
  asked(model, 1)
  sent(model, 5)
  ended(model, 1, 'failed')
  sent(model, undefined, 'Poke')
  sent(model, 6)
  came(model, 6)
  came(model, 99)
  sent(model, 7)
  model.frame('rpccallresp', 'in', { call: 7, error: { code: 'rpc', what: 'denied' } })
  calls.read()
  expect([0, 1, 2, 3].map((i) => calls.rows.at(i)?.state)).toEqual(['failed', 'sent', 'answered', 'failed'])
  expect(calls.rows.at(0)?.error).toMatchObject({ what: 'no' })
  expect(calls.rows.at(3)?.error).toMatchObject({ what: 'denied' })
  expect(calls.rows.at(2)?.took).toBe(1)
  expect(calls.rows.size).toBe(4)
  expect(calls.pending).toBe(0)
})

test('rows go with the log, also those that never end', () => {
  const model = createFakeModel(100)
  const seen: number[] = []
  const calls = createCallRows(model.entries, (_, position) => seen.push(position))
  for (let i = 0; i < 5000; i++) {
    asked(model, i, `M${i % 7}`)
    if (i % 2 === 0) sent(model, i, `M${i % 7}`)
    calls.read()
  }
  expect(calls.rows.size).toBeLessThanOrEqual(100)
  expect(calls.pending).toBeLessThanOrEqual(100)
  expect(seen).toHaveLength(5000)
  expect(seen.filter((position) => position >= calls.oldest)).toHaveLength(calls.rows.size)
  model.clear()
  calls.read()
  expect(calls.rows.size).toBe(0)
  expect(calls.pending).toBe(0)
})

test('whatever passes, in whatever order, every row is in one state and pending ones are those without an end', () => {
  const step = fc.record({
    what: fc.integer({ min: 0, max: 5 }),
    id: fc.integer({ min: 0, max: 6 }),
    page: fc.integer({ min: 1, max: 2 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const model = createFakeModel(40)
      const calls = createCallRows(model.entries)
      for (const [i, { what, id, page }] of steps.entries()) {
        if (what === 0) asked(model, i, `M${id}`, page)
        else if (what === 1) sent(model, i, `M${id}`)
        else if (what === 2) came(model, i - id)
        else if (what === 3) ended(model, i - id, 'answered', page)
        else if (what === 4) ended(model, i - id, 'cancelled', page)
        else sent(model, undefined, `M${id}`)
        calls.read()
        let open = 0
        for (let at = 0; at < calls.rows.size; at++) {
          const row = calls.rows.at(at)
          if (row?.state === 'asked' || row?.state === 'pending') open++
          expect(row?.state === 'asked' && row.sent !== undefined).toBe(false)
          expect(row?.answer?.call).toBe(row?.answer === undefined ? undefined : row.sent?.call)
        }
        expect(calls.pending).toBe(open)
      }
    }),
  )
})
