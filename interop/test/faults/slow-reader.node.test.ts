import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../../packages/client/test/support/eventually.ts'
import { canonical } from '../../../packages/server/test/support/canonical.ts'
import { until } from '../../../packages/server/test/support/until.ts'
import { FOLLOWER_KINDS } from '../../src/faults/follower-kinds.ts'
import { type LedgerReport, startLedgerProcess } from '../../src/faults/start-ledger-process.ts'
import { callSteadily, endsOf, faultsOfCalls } from '../../src/faults/steady-calls.ts'
import { createFaultyLink } from '../../src/faulty-link.ts'

const PER_SECOND = 1000
const UPDATES = 5000
const UPDATE_BYTES = 8192
const ROWS = 50
const MB = 1024 * 1024
const MOST_MB = 24

test(
  `viewers that stop reading while ${UPDATES} updates of ${UPDATE_BYTES / 1024} kB go out at ${PER_SECOND} a second`,
  { timeout: 120_000 },
  async () => {
    const host = await startLedgerProcess({ rows: ROWS })
    const slow = await Promise.all(
      FOLLOWER_KINDS.map(async ({ host: kind, open }) => {
        const link = await createFaultyLink(host.ports[kind])
        return { link, follower: open(link.port) }
      }),
    )
    const good = FOLLOWER_KINDS.map(({ host: kind, open }) => open(host.ports[kind]))
    const all = [...slow.map(({ follower }) => follower), ...good]
    onTestFinished(async () => {
      for (const { link } of slow) link.set({ kind: 'pass' })
      await Promise.all(all.map((follower) => follower.close()))
      await Promise.all(slow.map(({ link }) => link.close()))
      await host.kill()
    })
    // Every row gets its full size before anything is measured.
    for (let i = 0; i < ROWS; i++) host.step(1, UPDATE_BYTES)
    await until(() => all.every((f) => f.live() && f.view()?.tick === ROWS), 'everybody to follow', 30_000)
    const before = await host.report()

    for (const { link } of slow) link.set({ kind: 'stalled', direction: 'down' })
    const calls = good.map((follower, i) => callSteadily(follower, { name: `${i}`, everyMs: 100, timeoutMs: 20_000 }))
    const began = performance.now()
    host.tick(PER_SECOND, { rows: 1, noteBytes: UPDATE_BYTES, most: UPDATES })
    let longestGap = 0
    let seen = good.map((follower) => ({ changes: follower.changes, at: performance.now() }))
    const current = (): boolean => good.every((follower) => follower.view()?.tick === ROWS + UPDATES)
    await until(
      () => {
        const now = performance.now()
        seen = seen.map((last, i) => {
          const changes = good[i]?.changes ?? 0
          if (changes === last.changes) return last
          longestGap = Math.max(longestGap, now - last.at)
          return { changes, at: now }
        })
        return current()
      },
      'those who read to have everything',
      60_000,
    )
    const tookMs = performance.now() - began
    const rate = UPDATES / (tookMs / 1000)
    const records = (await Promise.all(calls.map((one) => one.stop()))).flat()
    const paused = await host.report()
    const grown = (paused.bytes - before.bytes) / MB
    const sum = (report: LedgerReport, what: 'conflations' | 'queuedMessages' | 'dropped'): number =>
      report.health.plain[what] + report.health.sessions[what]
    console.log(
      `${slow.length} viewers that do not read, ${slow.length} that do: ${Math.round(rate)} updates/s, longest pause of a reader ${Math.round(longestGap)} ms, ` +
        `calls: ${endsOf(records)}, host +${grown.toFixed(1)} MB, ${sum(paused, 'queuedMessages')} messages queued, ${sum(paused, 'conflations')} merged`,
    )
    // Each viewer may hold what the transport was given ahead (1 MB) and one merged update of the whole store; keeping everything would take 40 MB and more.
    expect(grown).toBeLessThan(MOST_MB)
    expect(sum(paused, 'conflations')).toBeGreaterThan(UPDATES / 4)
    expect(sum(paused, 'queuedMessages')).toBeLessThanOrEqual(slow.length * 4)
    // A reader that had to wait for those who do not read would have waited until the end.
    expect(longestGap).toBeLessThan(tookMs * 0.75)
    expect(faultsOfCalls(records, paused.state.credits, 20_000)).toEqual([])
    expect(endsOf(records)).toBe(`answered ${records.length}`)

    for (const { link } of slow) link.set({ kind: 'pass' })
    await until(() => all.every((f) => canonical(f.view()) === canonical(paused.state)), 'all to agree', 30_000)
    expect(slow.map(({ link }) => link.accepted)).toEqual(slow.map(() => 1))
    expect(all.flatMap(({ torn }) => torn)).toEqual([])
    await eventually(async () => {
      const after = await host.report()
      expect([sum(after, 'queuedMessages'), sum(after, 'dropped')]).toEqual([0, 0])
    })
  },
)
