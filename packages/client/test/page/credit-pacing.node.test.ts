import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createCreditPacing, type CreditPacing } from '../../src/page/credit-pacing.ts'
import { FakeFrames } from '../support/fake-frames.ts'

let page: FakeFrames
let grants: number[]
let pacing: CreditPacing

beforeEach(() => {
  page = new FakeFrames().install()
  grants = []
  pacing = createCreditPacing(() => grants.push(page.now))
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A message at this time, dealt with in `ms`. */
function message(at: number, ms = 0): void {
  page.now = at + ms
  pacing.taken(at)
}

describe('createCreditPacing', () => {
  test('a stream of one message a frame is granted at once, and asks for no frame', () => {
    for (let i = 0; i < 600; i++) message((i * 1000) / 60)
    expect(grants).toHaveLength(600)
    expect(page.waiting).toEqual([])
  })

  test('the same when its messages come up to a few milliseconds early or late', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 200 }), (jitter) => {
        grants = []
        pacing.cancel()
        pacing = createCreditPacing(() => grants.push(page.now))
        jitter.forEach((ms, i) => message(1000 + (i * 1000) / 60 + ms))
        expect(grants).toHaveLength(jitter.length)
      }),
    )
  })

  test('a flood is granted by frame', () => {
    // Every grant is answered by a message one millisecond later.
    message(0)
    for (let frame = 1; frame <= 100; frame++) {
      const time = (frame * 1000) / 60
      message(grants.at(-1) === undefined ? 0 : (grants.at(-1) as number) + 1)
      page.now = time
      page.frame()
    }
    // One at once, one a frame, and now and then one more, because a frame is a little longer than 16 ms.
    expect(grants.length).toBeGreaterThan(95)
    expect(grants.length).toBeLessThan(112)
  })

  test('whatever comes when: never more grants at once than frames have gone by, and every message is granted at last', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { maxLength: 300 }), (gaps) => {
        grants = []
        pacing.cancel()
        pacing = createCreditPacing(() => grants.push(page.now))
        let time = 1000
        let atOnce = 0
        for (const gap of gaps) {
          time += gap
          const before = grants.length
          message(time)
          atOnce += grants.length - before
          // Granted, or waiting for the frame: never both, never neither.
          expect(grants.length - before + page.waiting.length).toBe(1)
          page.frame()
          expect(grants).toHaveLength(before + 1)
        }
        expect(grants).toHaveLength(gaps.length)
        expect(atOnce).toBeLessThanOrEqual((time - 1000) / 16 + 2)
      }),
    )
  })

  test('is soon as before after a burst, however long that was', () => {
    for (let i = 0; i < 1000; i++) message(i / 100)
    page.frame()
    grants = []
    message(60)
    expect(grants).toEqual([60])
  })

  test('a page that took long over a message is drawing: the next one waits for its frame', () => {
    message(0, 20)
    expect(grants).toEqual([])
    page.frame()
    expect(grants).toEqual([20])
  })

  test('a hidden page is granted something once a second, and at once when it is shown', () => {
    page.turn('hidden')
    message(0)
    message(100)
    expect(grants).toEqual([])
    vi.advanceTimersByTime(1000)
    expect(grants).toHaveLength(1)
    message(2000)
    page.turn('visible')
    page.frame()
    expect(grants).toHaveLength(2)
  })

  test('grants nothing after cancel', () => {
    message(0, 20)
    pacing.cancel()
    page.frame()
    vi.advanceTimersByTime(5000)
    expect(grants).toEqual([])
  })
})
