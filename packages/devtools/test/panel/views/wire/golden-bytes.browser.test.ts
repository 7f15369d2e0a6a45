import type { StoreDef } from '@rivulet/wire'
import { expect, test } from 'vitest'
import { inspectFrame } from '../../../../src/panel/views/wire/inspect-frame.ts'
import { wireView } from '../../../../src/panel/views/wire/index.ts'
import { createFakeModel } from '../../../support/fake-model.ts'
import { golden, goldenDeltas, goldenValues } from '../../../support/golden.ts'
import { mountView } from '../../../support/mount-view.ts'

/** Stores of the golden model, and those structs of it that travel as store states do. */
const stores = ['glass.HouseStoreState', 'pump.PumpStoreState', 'glass.Shed', 'glass.Bed']

function modelOf(type: string): ReturnType<typeof createFakeModel> {
  const model = createFakeModel()
  const def: StoreDef = { kind: 'store', name: type, state: type, types: golden }
  model.stores.set(type, def)
  return model
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

test('every byte of the golden messages of stores is in exactly one part', () => {
  let seen = 0
  for (const type of stores) {
    const model = modelOf(type)
    const messages = [
      ...goldenValues.filter((value) => value.type === type).map(({ hex }) => ['full', hex] as const),
      ...goldenDeltas.filter((delta) => delta.type === type).map(({ deltaHex }) => ['partial', deltaHex] as const),
    ]
    for (const [update, hex] of messages) {
      const bytes = bytesOf(hex)
      const entry = model.frame('storeupdate', 'in', { store: type, update }, bytes)
      const { parts, error, known } = inspectFrame(model, entry, bytes, {})
      expect(error, `${type} ${hex}`).toBeUndefined()
      expect(known).toBe(true)
      let at = 0
      for (const part of parts) {
        expect(part.offset).toBe(at)
        expect(part.path.startsWith(type)).toBe(true)
        at += part.length
      }
      expect(at).toBe(bytes.length)
      seen++
    }
  }
  expect(seen).toBeGreaterThan(150)
})

test('the dump shows a golden delta byte for byte, and a byte the part that it is in', async () => {
  const { type, deltaHex } = goldenDeltas.find(
    (delta) => delta.type === 'glass.HouseStoreState' && delta.deltaHex.length > 60,
  ) ?? { type: '', deltaHex: '' }
  const model = modelOf(type)
  model.frame('storeupdate', 'in', { store: type, update: 'partial' }, bytesOf(deltaHex))
  const page = mountView(wireView, model)
  page.view.goto?.({ view: 'wire', seq: 1 })
  const cells = (): readonly HTMLElement[] =>
    page.all('.hex .rv-row:not([hidden]) .b').filter((cell) => cell.dataset['at'] !== '')
  await expect.poll(() => cells().length).toBeGreaterThan(16)
  expect(
    deltaHex.startsWith(
      cells()
        .map((cell) => cell.textContent)
        .join(''),
    ),
  ).toBe(true)
  const { parts } = inspectFrame(model, model.entries.at(0) as never, bytesOf(deltaHex), { maxValue: 64 })
  for (const cell of cells().slice(0, 32)) {
    cell.click()
    const offset = Number(cell.dataset['at'])
    const part = parts.find((one) => one.offset <= offset && offset < one.offset + one.length)
    expect(page.find('.says').textContent).toContain(`${part?.path} — ${part?.meaning}`)
    expect(page.all('.hex .b.sel').map((one) => Number(one.dataset['at']))).toContain(offset)
  }
})
