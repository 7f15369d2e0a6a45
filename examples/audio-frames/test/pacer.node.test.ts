import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPacer, type Pacer } from '../src/studio/pacer.ts'

interface Rig extends Pacer {
  readonly sent: number[]
  /** What `send` does from now on. */
  refuse: boolean
}

function rig(window = 4, queue = 3): Rig {
  const sent: number[] = []
  const made = { sent, refuse: false }
  const pacer = createPacer({
    window,
    queue,
    send({ seq }) {
      if (made.refuse) return Promise.reject(new Error('no connection'))
      sent.push(seq)
      return Promise.resolve()
    },
  })
  return Object.defineProperties(made, Object.getOwnPropertyDescriptors(pacer)) as Rig
}

const pcm = new Uint8Array(640)

function push(pacer: Pacer, first: number, count: number): void {
  for (let seq = first; seq < first + count; seq++) pacer.push({ seq, pcm })
}

describe('the pacer', () => {
  test('sends at once, up to the window; then frames wait, and the oldest gives way', () => {
    const pacer = rig()
    pacer.connected(true)
    push(pacer, 0, 4)
    expect(pacer.sent).toEqual([0, 1, 2, 3])
    push(pacer, 4, 3)
    expect(pacer.tally).toEqual({ captured: 7, sent: 4, dropped: 0, inFlight: 4, waiting: 3 })
    push(pacer, 7, 2)
    expect(pacer.tally).toEqual({ captured: 9, sent: 4, dropped: 2, inFlight: 4, waiting: 3 })
    pacer.done(1)
    expect(pacer.sent).toEqual([0, 1, 2, 3, 6, 7])
    expect(pacer.tally).toEqual({ captured: 9, sent: 6, dropped: 2, inFlight: 4, waiting: 1 })
  })

  test('hears the same, or less, twice without harm', () => {
    const pacer = rig()
    pacer.connected(true)
    push(pacer, 0, 6)
    pacer.done(2)
    pacer.done(2)
    pacer.done(0)
    pacer.done(-1)
    expect(pacer.tally).toMatchObject({ sent: 6, inFlight: 3, waiting: 0 })
  })

  test('without a connection it keeps the newest', () => {
    const pacer = rig()
    push(pacer, 0, 10)
    expect(pacer.sent).toEqual([])
    expect(pacer.tally).toMatchObject({ dropped: 7, waiting: 3 })
    pacer.connected(true)
    expect(pacer.sent).toEqual([7, 8, 9])
  })

  test('a connection that ends takes its frames in flight along, and the next has a whole window', () => {
    const pacer = rig()
    pacer.connected(true)
    push(pacer, 0, 7)
    pacer.connected(false)
    expect(pacer.tally).toMatchObject({ inFlight: 0, waiting: 3 })
    pacer.connected(true)
    expect(pacer.sent).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(pacer.tally).toMatchObject({ inFlight: 3 })
  })

  test('a frame that could not leave counts as dropped, not as sent', async () => {
    const pacer = rig()
    pacer.connected(true)
    pacer.refuse = true
    push(pacer, 0, 2)
    await Promise.resolve()
    expect(pacer.tally).toEqual({ captured: 2, sent: 0, dropped: 2, inFlight: 0, waiting: 0 })
  })

  test('refusals let those who wait through', async () => {
    const pacer = rig()
    pacer.connected(true)
    pacer.refuse = true
    push(pacer, 0, 6)
    pacer.refuse = false
    await expect.poll(() => pacer.sent).toEqual([4, 5])
  })

  test('whatever happens: never more than the window in flight or the queue waiting, order kept, every frame accounted for', () => {
    const event = fc.oneof(
      { weight: 4, arbitrary: fc.record({ push: fc.integer({ min: 1, max: 12 }) }) },
      { weight: 3, arbitrary: fc.record({ done: fc.integer({ min: -3, max: 300 }) }) },
      { weight: 1, arbitrary: fc.record({ connected: fc.boolean() }) },
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const pacer = rig()
        let seq = 0
        for (const each of events) {
          if ('push' in each) {
            push(pacer, seq, each.push)
            seq += each.push
          } else if ('done' in each) pacer.done(each.done)
          else pacer.connected(each.connected)
          const { captured, sent, dropped, inFlight, waiting } = pacer.tally
          expect(inFlight).toBeLessThanOrEqual(4)
          expect(waiting).toBeLessThanOrEqual(3)
          expect(sent + dropped + waiting).toBe(captured)
        }
        expect(pacer.sent).toEqual(pacer.sent.toSorted((a, b) => a - b))
        expect(new Set(pacer.sent).size).toBe(pacer.sent.length)
      }),
    )
  })
})
