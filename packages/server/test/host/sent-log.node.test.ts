import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limitsOf } from '../../src/host/limits.ts'
import type { Message } from '../../src/host/outbox.ts'
import { createSentLog } from '../../src/host/sessions/sent-log.ts'
import { partialMessage } from '../../src/host/store-messages.ts'
import { NotesStore } from '../support/notes-host.ts'

const limits = limitsOf({ sessionEvents: 8, sessionEventBytes: 4096 })

const event = (n: number, bytes = 1): Message => ({
  event: 'event',
  body: { time: n, eventName: 'E', event: Buffer.alloc(bytes) },
})
const update = (name: string): Message =>
  partialMessage({ ...NotesStore, name }, new Uint8Array(), () => new Uint8Array())
const endpoint: Message = { event: 'datastreamendpoint', body: { subscriptionID: 's', endpoint: { leaseID: 'l' } } }
const refusal: Message = { event: 'datastreamendpoint', body: { subscriptionID: 's', error: 'no' } }

describe('what was sent and may be lost', () => {
  test('stores by name, everything else in its order', () => {
    const log = createSentLog(limits)
    for (const message of [update('a'), event(1), update('b'), endpoint, event(2), update('a'), refusal])
      log.sent(message)
    expect(log.total).toBe(7)
    expect(log.rewind(2)).toEqual({ count: 5, stores: ['a', 'b'], messages: [event(2), refusal] })
    expect(log.total).toBe(2)
    expect(log.rewind(2)).toEqual({ count: 0, stores: [], messages: [] })
  })

  test('what was confirmed is not kept, and cannot be asked for', () => {
    const log = createSentLog(limits)
    for (const message of [update('a'), event(1), event(2)]) log.sent(message)
    log.confirm(2)
    log.confirm(1)
    expect([0, 1, 2, 3, 4].map((n) => log.reaches(n))).toEqual([false, false, true, true, false])
    expect(log.rewind(2)).toEqual({ count: 1, stores: [], messages: [event(2)] })
  })

  test.each([
    ['events', () => event(0)],
    ['bytes', () => event(0, 1500)],
  ])('more %s than the limits allow: the oldest go, and whoever has not received them cannot go on', (_what, make) => {
    const log = createSentLog(limits)
    for (let i = 0; i < 100; i++) log.sent(make())
    expect(log.floor).toBeGreaterThan(90)
    expect(log.reaches(log.floor - 1)).toBe(false)
    expect(log.reaches(log.floor)).toBe(true)
    expect(log.rewind(log.floor).messages).toHaveLength(100 - log.floor)
  })

  test('a single event larger than everything allowed is not kept', () => {
    const log = createSentLog(limits)
    log.sent(event(0, 10_000))
    expect(log.reaches(0)).toBe(false)
    expect(log.reaches(1)).toBe(true)
  })

  test('any sequence: what it hands out is exactly what was sent after the number, or it says that it cannot', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('event' as const), bytes: fc.nat(900) }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('update' as const), name: fc.constantFrom('a', 'b', 'c') }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('confirm' as const),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('rewind' as const),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
      },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const log = createSentLog(limits)
        let sent: Message[] = []
        let certain = 0
        const said: unknown[] = []
        const right: unknown[] = []
        for (const [i, one] of steps.entries()) {
          if (one.kind === 'event' || one.kind === 'update') {
            const message = one.kind === 'event' ? event(i, one.bytes) : update(one.name)
            sent.push(message)
            log.sent(message)
          } else if (one.kind === 'confirm') {
            certain = Math.max(certain, Math.floor(one.share * sent.length))
            log.confirm(certain)
          } else {
            const received = certain + Math.floor(one.share * (sent.length - certain))
            if (!log.reaches(received)) {
              // Only because too much came after it.
              const kept = sent.slice(received).filter((m) => m.update === undefined)
              said.push('too much')
              right.push(kept.length > 6 || kept.length * 964 > 3072 ? 'too much' : 'all of it')
              continue
            }
            const rest = sent.slice(received)
            const lost = log.rewind(received)
            said.push(lost.count, lost.messages, new Set(lost.stores))
            right.push(
              rest.length,
              rest.filter((m) => m.update === undefined),
              new Set(rest.flatMap((m) => m.update?.def.name ?? [])),
            )
            sent = sent.slice(0, received)
            certain = received
          }
          said.push(log.total)
          right.push(sent.length)
        }
        expect(said).toEqual(right)
      }),
      { numRuns: 300 },
    )
  })
})
