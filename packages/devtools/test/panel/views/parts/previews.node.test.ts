import { encodeValue } from '@rivulet/wire'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPreviews, fullText, previewOf } from '../../../../src/panel/views/parts/previews.ts'
import { inspectFrame, packetOf } from '../../../../src/panel/views/wire/inspect-frame.ts'
import { createFakeModel } from '../../../support/fake-model.ts'
import { Add, Horn, Poke } from '../../../support/yard.ts'

const request = (x: number): Uint8Array => encodeValue(Add.types, { kind: 'struct', ref: Add.request }, { x, y: 1 })
const response = (error: string | null): Uint8Array =>
  encodeValue(Add.types, { kind: 'struct', ref: Add.response }, { result: 42, error })

describe('the packet of a message', () => {
  test('is that of its call or event', () => {
    const model = createFakeModel()
    const refOf = (...args: Parameters<typeof model.frame>): unknown => packetOf(model, model.frame(...args))?.node
    expect(refOf('rpccall', 'out', { name: Add.name })).toEqual({ kind: 'struct', ref: 'yard.AddRequest' })
    expect(refOf('rpccallresp', 'in', { name: Add.name })).toEqual({ kind: 'struct', ref: 'yard.AddResponse' })
    expect(refOf('rpccall', 'out', { name: Poke.name })).toEqual({ kind: 'struct', ref: 'yard.AddRequest' })
    expect(refOf('keyedevent', 'in', { store: Horn.store, name: Horn.name })).toEqual({
      kind: 'struct',
      ref: 'yard.Ping',
    })
    // Calls without an answer have none, and names of one kind mean nothing for another.
    expect(refOf('rpccallresp', 'in', { name: Poke.name })).toBeUndefined()
    expect(refOf('event', 'in', { name: Add.name })).toBeUndefined()
    expect(refOf('event', 'in', {})).toBeUndefined()
  })

  test('is taken apart, and without a schema is one part', () => {
    const model = createFakeModel()
    const bytes = request(5)
    const known = inspectFrame(model, model.frame('rpccall', 'out', { name: Add.name }, bytes), bytes, {})
    expect(known.parts.map(({ path, value }) => `${path}=${String(value)}`)).toEqual(['Yard.Add.x=5', 'Yard.Add.y=1'])
    const unknown = inspectFrame(model, model.frame('rpccall', 'out', { name: 'Who' }, bytes), bytes, {})
    expect(unknown).toMatchObject({
      known: false,
      parts: [{ offset: 0, length: 2, path: 'Who', meaning: 'no schema' }],
    })
    expect(
      inspectFrame(model, model.frame('rpccallresp', 'in', { name: Add.name }), new Uint8Array(), {}).parts,
    ).toEqual([])
    const odd = inspectFrame(model, model.frame('storeupdate', 'in', { store: 'Who' }), new Uint8Array([200, 1]), {})
    expect(odd.parts).toMatchObject([{ length: 2, meaning: 'no schema' }])
  })
})

test('a message on one line', () => {
  const model = createFakeModel()
  const call = model.frame('rpccall', 'out', { name: Add.name })
  const answer = model.frame('rpccallresp', 'in', { name: Add.name })
  expect(previewOf(model, call, request(3))).toBe('{x: 3, y: 1}')
  expect(previewOf(model, answer, response(null))).toBe('42')
  expect(previewOf(model, answer, response('no'))).toBe('{result: 42, error: "no"}')
  expect(previewOf(model, call, new Uint8Array())).toContain('at byte 0')
  expect(previewOf(model, call, null)).toBe('no longer kept')
  expect(previewOf(model, model.frame('event', 'in', { name: 'Who' }), new Uint8Array([1, 2]))).toBe('01 02')
})

test('a message over many lines', async () => {
  const model = createFakeModel()
  const call = model.frame('rpccall', 'out', { name: Add.name }, request(3))
  expect(JSON.parse(await fullText(model, call))).toEqual({ x: 3, y: 1 })
  model.forget(call.seq)
  expect(await fullText(model, call)).toBe('These bytes are no longer kept.')
  expect(await fullText(model, model.frame('rpccall', 'out', { name: Add.name }))).toBe('')
  expect(await fullText(model, model.frame('rpccall', 'out', { name: Add.name, bytes: 1e6 }))).toBe(
    '1 MB: see its bytes in Wire.',
  )
  const cut = await fullText(model, model.frame('rpccall', 'out', { name: Add.name }, request(3).slice(0, 1)))
  expect(cut).toMatch(/byte 1[^]*\n03$/)
})

describe('for rows', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('come in one request for all that were drawn, and are asked for once', async () => {
    const model = createFakeModel()
    let came = 0
    const previews = createPreviews(model, () => came++)
    const entries = [1, 2, 3].map((x) => model.frame('rpccall', 'out', { name: Add.name }, request(x)))
    expect(entries.map((entry) => previews.of(entry))).toEqual(['…', '…', '…'])
    await vi.runAllTimersAsync()
    expect(came).toBe(1)
    expect(entries.map((entry) => previews.of(entry))).toEqual(['{x: 1, y: 1}', '{x: 2, y: 1}', '{x: 3, y: 1}'])
    await vi.runAllTimersAsync()
    expect(model.asked).toEqual([[1, 2, 3]])
  })

  test('are the newest of a flood, and neither empty nor huge messages are asked for', async () => {
    const model = createFakeModel()
    const previews = createPreviews(model, () => undefined)
    for (let i = 0; i < 500; i++) previews.of(model.frame('rpccall', 'out', { name: Add.name }, request(1)))
    expect(previews.of(model.frame('rpccall', 'out', { name: Add.name }))).toBe('')
    expect(previews.of(model.frame('rpccall', 'out', { name: Add.name, bytes: 300_000 }))).toBe('300 kB')
    await vi.runAllTimersAsync()
    expect(model.asked).toHaveLength(1)
    expect(model.asked[0]).toHaveLength(64)
    expect(model.asked[0]?.at(-1)).toBe(500)
  })

  test('say why there is none, and are silent after the end', async () => {
    const model = createFakeModel()
    let came = 0
    const previews = createPreviews(model, () => came++)
    model.failure = new Error('no engine')
    const entry = model.frame('rpccall', 'out', { name: Add.name }, request(1))
    previews.of(entry)
    await vi.runAllTimersAsync()
    expect(previews.of(entry)).toBe('no engine')
    previews.of(model.frame('rpccall', 'out', { name: Add.name }, request(1)))
    previews.destroy()
    await vi.runAllTimersAsync()
    expect(came).toBe(1)
  })
})
