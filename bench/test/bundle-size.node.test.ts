import { describe, expect, test } from 'vitest'
import { bundleSize } from '../src/size/bundle-size.ts'

const observer = new URL('fixtures/observer.ts', import.meta.url)
const eager = new URL('fixtures/eager.ts', import.meta.url)
const lazy = new URL('fixtures/lazy.ts', import.meta.url)

describe('bundleSize', () => {
  test('counts what is used and leaves out what is external', async () => {
    const whole = await bundleSize({ entry: observer, external: [] })
    const alone = await bundleSize({ entry: observer, external: [/^mobx$/] })
    expect(alone).toBeGreaterThan(100)
    // mobx itself is several kilobytes; a bundle that imports it only by name has none of them.
    expect(whole).toBeGreaterThan(alone + 2000)
  })

  test('counts what is loaded later, unless only the start is asked for', async () => {
    const all = await bundleSize({ entry: lazy, external: [] })
    const start = await bundleSize({ entry: lazy, external: [], upFront: true })
    const atOnce = await bundleSize({ entry: eager, external: [] })
    expect(start * 10).toBeLessThan(atOnce)
    expect(all).toBeGreaterThan(atOnce * 0.9)
  })

  test('counts as one file what may lie in one', async () => {
    const all = await bundleSize({ entry: lazy, external: [] })
    const one = await bundleSize({ entry: lazy, external: [], onePiece: true })
    const start = await bundleSize({ entry: lazy, external: [], upFront: true, onePiece: true })
    expect(Math.abs(one - all)).toBeLessThan(all / 10)
    expect(start).toBe(one)
  })

  test('refuses to weigh what is not there', async () => {
    await expect(bundleSize({ entry: new URL('fixtures/missing.ts', import.meta.url), external: [] })).rejects.toThrow(
      /missing/,
    )
  })
})
