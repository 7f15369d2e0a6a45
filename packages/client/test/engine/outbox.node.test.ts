import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHeldEvents } from '../../src/engine/held-events.ts'
import { createOutbox, type Outbox } from '../../src/engine/outbox.ts'
import type { EngineMessage } from '../../src/protocol.ts'

const MB = 1024 * 1024

interface Page {
  readonly outbox: Outbox
  /** Everything that was posted since the last call. */
  readonly take: () => EngineMessage[]
  /** Numbers of the events among them. */
  readonly events: () => number[]
  /** Grants one; `patches` that it has got, granted `ago` so many milliseconds. */
  readonly credit: (patches?: number, ago?: number) => void
  /** Milliseconds. */
  now: number
  /** What the next patch holds; null = nothing to say. */
  patch: ArrayBuffer | null
}

/** The page's end of a data port, where nothing happens before the test asks for it. */
function page(): Page {
  const posted: EngineMessage[] = []
  let receive: (event: { data: unknown }) => void = () => undefined
  const port = {
    addEventListener: (_: string, listener: typeof receive) => void (receive = listener),
    removeEventListener: () => undefined,
    start: () => undefined,
    close: () => undefined,
    postMessage: (message: EngineMessage, transfer: Transferable[]) =>
      void posted.push(structuredClone(message, { transfer })),
  }
  const outbox = createOutbox(
    port as unknown as MessagePort,
    () => {
      const { patch } = self
      self.patch = null
      return patch
    },
    () => self.now,
  )
  const self: Page = {
    outbox,
    now: 10_000,
    patch: null,
    take: () => posted.splice(0),
    events: () => self.take().flatMap((m) => (m.type === 'event' ? [m.time] : [])),
    credit: (patches, ago = 0) =>
      receive({ data: { type: 'credit', ...(patches === undefined ? {} : { patches, at: self.now - ago }) } }),
  }
  return self
}

describe('connection states', () => {
  const status = (attempt: number) => ({ state: 'connecting', since: 0, attempt, clockOffset: null }) as const

  test('a page that is suspended for hours finds a few of them, and gets the last one when it is back', () => {
    const { outbox, take, credit } = page()
    for (let n = 1; n <= 10_000; n++) outbox.status(status(n))
    const found = take()
    expect(found).toHaveLength(64)
    credit()
    expect(take()).toEqual([{ type: 'connection', status: status(10_000) }])
    credit()
    expect(take()).toEqual([])
    outbox.status(status(1))
    expect(take()).toHaveLength(1)
  })
})

describe('patches', () => {
  /** A change, and whether a patch went out. */
  const change = (one: Page, ms = 0): boolean => {
    one.now += ms
    one.patch = new ArrayBuffer(8)
    one.outbox.flush()
    return one.take().length > 0
  }
  /** How many go out while there is a change every millisecond. */
  const changes = (one: Page, ms: number): number =>
    Array.from({ length: ms }, () => change(one, 1)).filter((isOut) => isOut).length

  test('none before the page wants one; then one a credit, and what came meanwhile in the next', () => {
    const one = page()
    expect(change(one)).toBe(false)
    one.credit(0)
    expect(one.take()).toHaveLength(1)
    expect(changes(one, 500)).toBe(0)
    one.credit(1)
    expect(one.take()).toHaveLength(1)
    one.credit(2)
    expect(one.take()).toEqual([])
    expect(change(one)).toBe(true)
  })

  test('a credit that was granted before the last patch came does not count for it', () => {
    const one = page()
    one.credit(0)
    expect(change(one)).toBe(true)
    // As the page grants after events too.
    one.credit(0)
    expect(changes(one, 500)).toBe(0)
    one.credit(1)
    expect(one.take()).toHaveLength(1)
  })

  test('a page that does not count its patches has got all of them', () => {
    const one = page()
    for (let i = 0; i < 5; i++) {
      one.credit()
      expect(changes(one, 100)).toBe(1)
    }
  })

  test('credits that lay in the queue here for long: one patch a frame all the same, while the page gets them', () => {
    const one = page()
    const ago = 100
    const granted: { readonly patches: number; readonly at: number }[] = [{ patches: 0, at: one.now - ago }]
    let out = 0
    for (let ms = 0; ms < 1000; ms++) {
      if (change(one, 1)) granted.push({ patches: ++out, at: one.now })
      while (granted.length > 0 && (granted[0]?.at ?? 0) + ago <= one.now) {
        one.credit(granted.shift()?.patches, ago)
        if (one.take().length > 0) granted.push({ patches: ++out, at: one.now })
      }
    }
    // With one patch a credit there would be ten.
    expect(out).toBeGreaterThan(55)
    expect(out).toBeLessThanOrEqual(1000 / 15 + 1)
  })

  test('as many as come back in that time, eight at most, and none after them when the page stops', () => {
    for (const [ago, most] of [
      [0, 1],
      [29, 1],
      [40, 2],
      [100, 6],
      [10_000, 8],
      [-10_000, 1],
    ] as const) {
      const one = page()
      one.credit(0, ago)
      expect(changes(one, 5000)).toBe(most)
      // The page has got half of them, and its credits come at once again.
      one.credit(Math.floor(most / 2))
      expect(changes(one, 5000)).toBe(0)
      one.credit(most)
      expect(one.take().length + changes(one, 5000)).toBe(1)
    }
  })

  test('whatever credits come: never two in a frame while one is on its way, never more than eight, and at last the newest', () => {
    const step = fc.oneof(
      fc.record({ wait: fc.integer({ min: 0, max: 40 }) }),
      fc.record({ seen: fc.integer({ min: 0, max: 10 }), ago: fc.integer({ min: -50, max: 500 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const one = page()
        let [out, seen, last] = [0, 0, -Infinity]
        const note = (): void => {
          const posted = one.take().length
          expect(posted).toBeLessThanOrEqual(1)
          if (posted === 0) return
          expect(out === seen || one.now - last >= 15).toBe(true)
          out++
          last = one.now
          expect(out - seen).toBeLessThanOrEqual(8)
        }
        for (const now of steps) {
          if ('wait' in now) {
            one.now += now.wait
            one.patch = new ArrayBuffer(8)
            one.outbox.flush()
          } else {
            seen = Math.min(out, seen + now.seen)
            one.credit(seen, now.ago)
          }
          note()
        }
        // The page catches up, as it does in the end.
        for (let i = 0; i < 2; i++) {
          seen = out
          one.credit(out)
          note()
        }
        expect(one.patch).toBeNull()
      }),
    )
  })
})

describe('events on their way to the page', () => {
  test('are bounded by bytes as well as by number', () => {
    const { outbox, take, credit } = page()
    for (let n = 0; n < 100; n++) outbox.event(1, n, new ArrayBuffer(MB / 4))
    expect(take()).toHaveLength(4)
    let received = 0
    for (let i = 0; i < 20; i++) {
      credit()
      const events = take().filter((m) => m.type === 'event')
      expect(events.length).toBeLessThanOrEqual(4)
      received += events.length
    }
    // Eight megabytes are kept: the last ones.
    expect(received).toBe(32)
  })

  test('one that is larger than all bounds arrives all the same', () => {
    const { outbox, events, credit } = page()
    outbox.event(1, 1, new ArrayBuffer(20 * MB))
    outbox.event(1, 2, new ArrayBuffer(20 * MB))
    expect(events()).toEqual([1])
    credit()
    expect(events()).toEqual([2])
  })

  test('that were lost are counted, and told once: when the page has caught up', () => {
    const { outbox, take, credit } = page()
    for (let n = 0; n < 10_000; n++) outbox.event(1, n, new ArrayBuffer(1))
    const told: string[] = []
    for (let i = 0; i < 10; i++) {
      credit()
      for (const m of take()) if (m.type === 'error') told.push(m.error.what)
    }
    expect(told).toEqual(['4880 events were dropped'])
  })

  test('a page that never catches up is told now and then, not at every credit', () => {
    const { outbox, take, credit } = page()
    let sent = 0
    let received = 0
    let reports = 0
    let lost = 0
    const count = (): void => {
      for (const m of take()) {
        if (m.type === 'event') received++
        if (m.type !== 'error') continue
        reports += m.error.code === 'limit' ? 1 : 1000
        lost += Number.parseInt(m.error.what, 10)
      }
    }
    for (let i = 0; i < 150; i++) {
      for (let n = 0; n < 1500; n++, sent++) outbox.event(1, sent, new ArrayBuffer(1))
      credit()
      count()
    }
    expect(reports).toBeGreaterThan(1)
    expect(reports).toBeLessThanOrEqual(5)
    for (let i = 0; i < 10; i++, count()) credit()
    expect(received + lost).toBe(sent)
  })

  test('whatever comes whenever: in order, each at most once, none missing that was not counted as lost', () => {
    const step = fc.oneof(
      fc.record({ events: fc.integer({ min: 1, max: 2000 }), size: fc.constantFrom(0, 10, 5000, MB / 2) }),
      fc.constant('credit' as const),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { outbox, take, credit } = page()
        const seen: number[] = []
        let lost = 0
        let sent = 0
        let most = 0
        const read = (): number => {
          let bytes = 0
          for (const m of take()) {
            if (m.type === 'event') {
              seen.push(m.time)
              bytes += m.bytes.byteLength
            } else if (m.type === 'error') lost += Number.parseInt(m.error.what, 10)
          }
          return bytes
        }
        for (const one of steps) {
          if (one === 'credit') {
            read()
            credit()
            most = Math.max(most, read())
          } else {
            // Large ones in small numbers.
            const count = one.size > 5000 ? one.events % 40 : one.events
            for (let n = 0; n < count; n++) outbox.event(1, sent++, new ArrayBuffer(one.size))
          }
        }
        for (let i = 0; i < 30; i++) {
          read()
          credit()
        }
        read()
        expect(most).toBeLessThanOrEqual(MB)
        expect(seen).toEqual(seen.toSorted((a, b) => a - b))
        expect(new Set(seen).size).toBe(seen.length)
        expect(seen.length + lost).toBe(sent)
      }),
      { numRuns: 25 },
    )
  })
})

describe('held events', () => {
  test('the oldest go first, and what left is not held on to', () => {
    const held = createHeldEvents()
    for (let n = 0; n < 4096; n++) expect(held.push({ listener: 1, time: n, bytes: new ArrayBuffer(1) })).toBe(0)
    expect(held.push({ listener: 1, time: 4096, bytes: new ArrayBuffer(1) })).toBe(1)
    expect([held.size, held.first()?.time]).toEqual([4096, 1])
    // One large one costs many small ones.
    expect(held.push({ listener: 1, time: 4097, bytes: new ArrayBuffer(8 * MB) })).toBe(4096)
    expect([held.size, held.first()?.time]).toEqual([1, 4097])
    held.shift()
    held.shift()
    expect([held.size, held.first()]).toEqual([0, undefined])
    held.push({ listener: 1, time: 1, bytes: new ArrayBuffer(1) })
    held.clear()
    expect(held.size).toBe(0)
  })
})

describe('patches and reports', () => {
  test('one patch a credit; what nobody wants to say costs no credit', () => {
    const self = page()
    self.credit()
    self.outbox.flush()
    expect(self.take()).toEqual([])
    for (let n = 0; n < 3; n++) {
      self.patch = new ArrayBuffer(n + 1)
      self.outbox.flush()
    }
    expect(self.take()).toHaveLength(1)
    self.credit()
    expect(self.take()).toMatchObject([{ type: 'patch' }])
  })

  test('a flood of errors is no flood of messages, and ends with the next credit', () => {
    const { outbox, take, credit } = page()
    for (let n = 0; n < 1000; n++) outbox.error({ code: 'protocol', what: `${n}` })
    expect(take()).toHaveLength(32)
    credit()
    outbox.error({ code: 'protocol', what: 'again' })
    expect(take()).toMatchObject([{ error: { what: 'again' } }])
  })

  test('nothing is said after the end', () => {
    const { outbox, take, credit } = page()
    for (let n = 0; n < 2000; n++) outbox.event(1, n, new ArrayBuffer(1))
    take()
    outbox.close()
    outbox.event(1, 1, new ArrayBuffer(1))
    outbox.status({ state: 'disposed', since: 0, attempt: 0, clockOffset: null })
    credit()
    expect(take()).toEqual([])
  })
})
