import { expect, onTestFinished, test } from 'vitest'
import { createVirtualList, type VirtualList } from '../../src/panel/virtual-list.ts'

/** A list of numbers, ten rows high. */
function listed(count: number): {
  readonly list: VirtualList
  readonly shown: () => readonly string[]
  first: number
  draws: number
} {
  const state = { first: 0, draws: 0 }
  const list = createVirtualList({
    height: 20,
    label: 'Numbers',
    draw: (row, index) => {
      state.draws++
      row.textContent = String(state.first + index)
    },
  })
  list.element.style.cssText = 'position:fixed;top:0;left:0;width:100px;height:200px;overflow:auto'
  document.body.append(list.element)
  onTestFinished(() => {
    list.destroy()
    list.element.remove()
  })
  list.update(count)
  const shown = (): readonly string[] =>
    [...list.element.querySelectorAll<HTMLElement>('.rv-row')]
      .filter((row) => !row.hidden && row.getBoundingClientRect().top >= 0 && row.getBoundingClientRect().top < 200)
      .map((row) => row.textContent)
  return Object.assign(state, { list, shown })
}

const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve))

test('rows that go at the beginning do not move those that are looked at', async () => {
  const numbers = listed(1000)
  numbers.list.follow = false
  numbers.list.element.scrollTop = 4000
  await expect.poll(() => numbers.shown()[0]).toBe('200')
  numbers.list.select(205)
  for (let i = 0; i < 5; i++) {
    numbers.first += 10
    numbers.list.drop(10)
    numbers.list.update(1000)
    await frame()
    expect(numbers.shown()[0]).toBe('200')
    expect(numbers.first + numbers.list.selected).toBe(205)
  }
  numbers.list.drop(500)
  expect(numbers.list.selected).toBe(-1)
})

test('who follows the end stays there while rows go at the beginning', async () => {
  const numbers = listed(1000)
  for (let i = 0; i < 5; i++) {
    numbers.first += 10
    numbers.list.drop(10)
    numbers.list.update(1000)
    await frame()
  }
  expect(numbers.list.follow).toBe(true)
  expect(numbers.shown().at(-1)).toBe('1049')
})

test('a row that is selected near the end stays in view while more come', async () => {
  const numbers = listed(1000)
  numbers.list.follow = false
  numbers.list.element.scrollTop = 0
  await frame()
  await frame()
  numbers.list.select(998)
  await frame()
  await frame()
  expect(numbers.list.follow).toBe(false)
  numbers.list.update(1500)
  await frame()
  expect(numbers.shown()).toContain('998')
  // Somebody scrolls to the end: it is followed again.
  numbers.list.element.scrollTop = 1e6
  await expect.poll(() => numbers.list.follow).toBe(true)
})

test('rows are drawn once for an update that scrolls to the end, and again when somebody scrolls', async () => {
  const numbers = listed(1000)
  let scrolls = 0
  numbers.list.element.addEventListener('scroll', () => scrolls++)
  await expect.poll(() => scrolls).toBeGreaterThan(0)
  await frame()
  await frame()
  for (const count of [1100, 1200]) {
    const before = scrolls
    numbers.draws = 0
    numbers.list.update(count)
    const once = numbers.draws
    expect(once).toBeGreaterThan(0)
    expect(once).toBeLessThan(20)
    await expect.poll(() => scrolls).toBeGreaterThan(before)
    await frame()
    await frame()
    expect(numbers.draws).toBe(once)
    expect(numbers.shown().at(-1)).toBe(String(count - 1))
  }
  numbers.list.element.scrollTop = 4000
  await expect.poll(() => numbers.shown()[0]).toBe('200')
})
