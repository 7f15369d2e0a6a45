import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readSettings } from '../../src/panel/settings.ts'
import { createSplit } from '../../src/panel/split.ts'

beforeEach(() => localStorage.clear())
afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

function open(share = 0.25): { readonly left: HTMLElement; readonly line: HTMLElement; readonly element: HTMLElement } {
  const left = document.createElement('div')
  const element = createSplit('test', 'Width of the test', share, left, document.createElement('div'))
  element.style.cssText = 'display:flex;width:1000px'
  document.body.append(element)
  return { left, line: element.querySelector('[role=separator]') as HTMLElement, element }
}
const press = (line: HTMLElement, key: string): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  line.dispatchEvent(event)
  return event
}

it('stands where it is told, and moves with the arrow keys', () => {
  const { left, line } = open()
  expect(left.style.flexBasis).toBe('25%')
  expect(line.ariaValueNow).toBe('25')
  expect(press(line, 'ArrowRight').defaultPrevented).toBe(true)
  expect(line.ariaValueNow).toBe('27')
  press(line, 'ArrowLeft')
  press(line, 'ArrowLeft')
  expect(left.style.flexBasis).toBe('23%')
  expect(press(line, 'Enter').defaultPrevented).toBe(false)
})

it('leaves both sides some room', () => {
  const { line } = open()
  for (let i = 0; i < 60; i++) press(line, 'ArrowLeft')
  expect(line.ariaValueNow).toBe('12')
  for (let i = 0; i < 60; i++) press(line, 'ArrowRight')
  expect(line.ariaValueNow).toBe('88')
})

it('follows the pointer while it is held, and is remembered when that ends', () => {
  const { line, element } = open()
  const { left: from } = element.getBoundingClientRect()
  const held = vi.spyOn(line, 'hasPointerCapture').mockReturnValue(false)
  const move = (x: number): boolean => line.dispatchEvent(new PointerEvent('pointermove', { clientX: from + x }))
  move(600)
  expect(line.ariaValueNow).toBe('25')
  held.mockReturnValue(true)
  move(600)
  expect(line.ariaValueNow).toBe('60')
  expect(readSettings().splits).toBeUndefined()
  line.dispatchEvent(new PointerEvent('lostpointercapture'))
  expect(readSettings().splits?.['test']).toBeCloseTo(0.6, 2)
  expect(open().line.ariaValueNow).toBe('60')
})

it.each(['{', 'null', '7', '{"splits":7}', '{"splits":{"test":"wide"}}'])(
  'stands where it is told when %s was kept',
  (kept) => {
    localStorage.setItem('rivulet.devtools.panel', kept)
    const { line } = open(0.4)
    expect(line.ariaValueNow).toBe('40')
    press(line, 'ArrowRight')
    expect(readSettings().splits?.['test']).toBeCloseTo(0.42, 5)
  },
)

it('moves where the page may keep nothing', () => {
  const refuse = (): never => {
    throw new DOMException('denied', 'SecurityError')
  }
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse)
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse)
  const { line } = open()
  press(line, 'ArrowRight')
  expect(line.ariaValueNow).toBe('27')
})
