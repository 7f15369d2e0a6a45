import { afterEach, describe, expect, it } from 'vitest'
import { createSparkline } from '../../src/panel/sparkline.ts'

const graph = createSparkline({ label: 'bytes', color: '--in', width: 40, height: 20, format: (value) => `${value} B` })
document.body.append(graph.element)
afterEach(() => graph.element.style.removeProperty('--in'))

/** The rows of a column that have any ink. */
function inkAt(x: number): number[] {
  const { width, height } = graph.element
  const data = graph.element.getContext('2d')?.getImageData(0, 0, width, height).data as Uint8ClampedArray
  const scale = width / 40
  const column = Math.min(width - 1, Math.round(x * scale))
  return Array.from({ length: 20 }, (_, y) => y).filter(
    (y) => (data[(Math.round(y * scale) * width + column) * 4 + 3] ?? 0) > 100,
  )
}

describe('a sparkline', () => {
  it('draws larger values higher, the newest at the right', () => {
    graph.draw([0, 0, 10])
    expect(Math.min(...inkAt(39))).toBeLessThan(Math.min(...inkAt(2)))
    graph.draw([10, 0, 0])
    expect(Math.min(...inkAt(39))).toBeGreaterThan(Math.min(...inkAt(2)))
  })

  it('has a top that can be fixed', () => {
    graph.draw([1, 1, 1], 10)
    expect(Math.min(...inkAt(20))).toBeGreaterThan(10)
    graph.draw([100, 100], 10)
    expect(Math.min(...inkAt(20))).toBeLessThan(4)
  })

  it('says its newest value, and nothing without values', () => {
    graph.draw([5, 7])
    expect(graph.element.ariaLabel).toBe('bytes: 7 B')
    graph.draw([])
    expect(graph.element.ariaLabel).toBe('bytes')
    expect(inkAt(20)).toEqual([])
  })

  it('draws one value and values that are all zero', () => {
    graph.draw([5])
    expect(inkAt(20).length).toBeGreaterThan(0)
    graph.draw([0, 0])
    expect(inkAt(20).length).toBeGreaterThan(0)
  })

  it('takes its colour from the theme at each drawing', () => {
    const red = (): number =>
      graph.element
        .getContext('2d')
        ?.getImageData(20, 0, 1, 19)
        .data.filter((_, i) => i % 4 === 0)
        .reduce((a, b) => Math.max(a, b), 0) ?? 0
    graph.element.style.setProperty('--in', 'rgb(255, 0, 0)')
    graph.draw([5, 5])
    expect(red()).toBe(255)
    graph.element.style.setProperty('--in', 'rgb(0, 0, 255)')
    graph.draw([5, 5])
    expect(red()).toBe(0)
  })
})
