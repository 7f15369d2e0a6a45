import { applyMessage, formatKey } from '@rivulet/wire'
import { io, type Socket } from 'socket.io-client'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../../packages/client/test/support/eventually.ts'
import { until } from '../../../packages/server/test/support/until.ts'
import { type LedgerStoreState, LedgerStore } from '../../src/generated/schema.ts'
import { type LedgerReport, startLedgerProcess } from '../../src/faults/start-ledger-process.ts'

const VIEWERS = 1000
const KEYS = 10
const ROWS = 100
/** Rounds that change some rows, before one that changes all. */
const ROUNDS = 20
const CHANGED = 10

interface Viewer {
  readonly socket: Socket
  readonly keys: readonly string[]
  state: LedgerStoreState
  updates: number
}

const NOTHING: LedgerStoreState = { epoch: 0, tick: 0, mirror: 0, total: 0, rows: new Map(), credits: new Map() }

test(
  `${VIEWERS} viewers with ${KEYS} keys each get what they asked for, once, and nothing else`,
  { timeout: 180_000 },
  async () => {
    const host = await startLedgerProcess({ rows: ROWS })
    const viewers: Viewer[] = []
    onTestFinished(async () => {
      for (const { socket } of viewers) socket.disconnect()
      await host.kill()
    })
    const before = await host.report()
    for (let v = 0; v < VIEWERS; v++) viewers.push(follow(host.ports.plain, v))
    await until(() => viewers.every(({ updates }) => updates === KEYS), 'all catch-ups', 90_000)
    const joined = await host.report()
    expect(joined.health.plain).toMatchObject({
      viewers: VIEWERS,
      subscriptions: VIEWERS * KEYS,
      sentMessages: VIEWERS * KEYS,
    })

    let expected = VIEWERS * KEYS
    let next = 0
    for (let round = 0; round <= ROUNDS; round++) {
      const count = round === ROUNDS ? ROWS : CHANGED
      const changed = new Set(Array.from({ length: count }, (_, i) => `r${(next + i) % ROWS}`))
      next += count
      const due = viewers.map(({ keys, updates }) => updates + (keys.some((key) => changed.has(key)) ? 1 : 0))
      expected = due.reduce((a, b) => a + b, 0)
      host.step(count)
      await until(
        () => viewers.every(({ updates }, v) => updates >= (due[v] as number)),
        `round ${round} to arrive`,
        60_000,
      )
      expect(viewers.filter(({ updates }, v) => updates !== due[v])).toEqual([])
    }
    const after = await host.report()
    const perViewer = (report: LedgerReport): number => (report.bytes - before.bytes) / VIEWERS / 1024
    console.log(
      `${VIEWERS} viewers with ${KEYS} keys each: ${perViewer(joined).toFixed(1)} kB of the host's memory per viewer, ` +
        `${perViewer(after).toFixed(1)} after ${ROUNDS + 1} rounds and ${expected} messages of ${Math.round(after.health.plain.sentBytes / expected)} bytes on average`,
    )
    // Nobody got more than what reached somebody, and nothing was merged away.
    expect(after.health.plain).toMatchObject({ sentMessages: expected, conflations: 0, queuedMessages: 0, dropped: 0 })
    for (const { state, keys } of viewers) {
      expect([...state.rows.keys()].toSorted()).toEqual(keys.toSorted())
      for (const key of keys) expect(state.rows.get(key)).toEqual(after.state.rows.get(key))
      expect([state.tick, state.total, state.credits.size]).toEqual([0, 0, 0])
    }
    expect(perViewer(after)).toBeLessThan(MOST_KB)

    for (const { socket } of viewers) socket.disconnect()
    await eventually(async () =>
      expect((await host.report()).health.plain).toMatchObject({ viewers: 0, subscriptions: 0, queuedMessages: 0 }),
    )
    await eventually(async () => expect(perViewer(await host.report())).toBeLessThan(MOST_KB / 6))
  },
)

/** Three times what was measured. */
const MOST_KB = 75

function follow(port: number, v: number): Viewer {
  const keys = Array.from({ length: KEYS }, (_, i) => `r${(v + i) % ROWS}`)
  const socket = io(`http://127.0.0.1:${port}`, {
    path: '/socket',
    transports: ['websocket'],
    forceNew: true,
    // A thousand handshakes at once take as long as they take.
    timeout: 90_000,
  })
  const viewer: Viewer = { socket, keys, state: NOTHING, updates: 0 }
  socket.on('connect', () => {
    for (const key of keys) {
      socket.emit('storesub', { storeName: LedgerStore.name, action: 0, key: formatKey(LedgerStore, ['rows', key]) })
    }
  })
  socket.on('storeupdate', ({ kind, partial }: { kind: number; partial: Buffer }) => {
    expect(kind).toBe(2)
    viewer.state = applyMessage(LedgerStore, viewer.state, partial)
    viewer.updates++
  })
  return viewer
}
