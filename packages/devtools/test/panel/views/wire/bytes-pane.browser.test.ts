import type { Attribution } from '@rivulet/wire/inspect'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBytesPane, partAt, valueText } from '../../../../src/panel/views/wire/bytes-pane.ts'
import { inspectFrame } from '../../../../src/panel/views/wire/inspect-frame.ts'
import { createFakeModel } from '../../../support/fake-model.ts'

/** Parts of these lengths, one after the other. */
function partsOf(lengths: readonly number[]): readonly Attribution[] {
  let offset = 0
  return lengths.map((length, i) => {
    const part = { offset, length, path: `p${i}`, meaning: 'm' }
    offset += length
    return part
  })
}

test('the part of a byte is the one that it is in', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }), (lengths) => {
      const parts = partsOf(lengths)
      const owners = parts.flatMap(({ length }, i) => Array.from({ length }, () => i))
      for (const [offset, owner] of owners.entries()) expect(partAt(parts, offset)).toBe(owner)
      expect(partAt(parts, -1)).toBe(-1)
      expect(partAt(parts, owners.length)).toBe(-1)
    }),
  )
})

test('values are short, and texts are in quotes', () => {
  expect(valueText(undefined)).toBe('')
  expect(valueText(null)).toBe('null')
  expect(valueText(12n)).toBe('12')
  expect(valueText(Math.fround(9.8), 'float32')).toBe('9.8')
  expect(valueText(Math.fround(9.8), 'float64')).toBe('9.800000190734863')
  expect(valueText(-0)).toBe('-0')
  expect(valueText('a"b')).toBe('"a\\"b"')
  expect(valueText('x'.repeat(500)).length).toBeLessThan(210)
  expect(valueText('x'.repeat(500))).toMatch(/…$/)
})

test('shows one message after another, also a shorter and an empty one', () => {
  const pane = createBytesPane()
  pane.element.style.cssText = 'position:fixed;inset:0'
  document.body.append(pane.element)
  for (const list of pane.element.querySelectorAll<HTMLElement>('.rv-list'))
    list.style.cssText = 'height:100px;overflow:auto'
  const model = createFakeModel()
  const show = (bytes: Uint8Array): readonly string[] => {
    pane.show(bytes, inspectFrame(model, model.frame('event', 'in', { name: 'E' }, bytes), bytes, {}), undefined)
    const rows = [...pane.element.querySelectorAll<HTMLElement>('[aria-label=Bytes] .rv-row')].filter(
      (row) => !row.hidden,
    )
    return rows.map((row) => [...row.querySelectorAll('.b')].map((cell) => cell.textContent.trim()).join(''))
  }
  expect(show(Uint8Array.from({ length: 20 }, (_, i) => i))).toEqual(['000102030405060708090a0b0c0d0e0f', '10111213'])
  pane.select(17)
  expect(pane.element.querySelector('.says')?.textContent).toBe('E — no schema')
  expect(show(new Uint8Array([255]))).toEqual(['ff'])
  // What was selected was of another message.
  expect(pane.element.querySelector('.says')?.textContent).toBe('1 B in 1 part')
  expect(show(new Uint8Array())).toEqual([])
  pane.select(5)
  expect(pane.element.querySelectorAll('.rv-row:not([hidden]) .b.at').length).toBe(0)
  pane.destroy()
  pane.element.remove()
})

test('texts beside the bytes are those that can be read', () => {
  const pane = createBytesPane()
  document.body.append(pane.element)
  for (const list of pane.element.querySelectorAll<HTMLElement>('.rv-list'))
    list.style.cssText = 'height:100px;overflow:auto'
  const bytes = new Uint8Array([0x1f, 0x20, 0x41, 0x7e, 0x7f, 0xff])
  pane.show(bytes, { parts: [{ offset: 0, length: 6, path: 'p', meaning: 'm' }], error: undefined }, undefined)
  expect(pane.element.querySelector('.text')?.textContent).toBe('· A~··')
  pane.destroy()
  pane.element.remove()
})
