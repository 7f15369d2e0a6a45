import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../../packages/client/test/support/eventually.ts'
import { canonical } from '../../../packages/server/test/support/canonical.ts'
import { until } from '../../../packages/server/test/support/until.ts'
import { FOLLOWER_KINDS } from '../../src/faults/follower-kinds.ts'
import type { HostKind } from '../../src/faults/ledger-host.ts'
import { type LedgerProcess, startLedgerProcess } from '../../src/faults/start-ledger-process.ts'
import { callSteadily, endsOf, faultsOfCalls } from '../../src/faults/steady-calls.ts'
import { createFaultyLink } from '../../src/faulty-link.ts'

const KILLS = 3
const UPDATES_PER_SECOND = 100
const TIMEOUT_MS = 4000

test(
  `a host that is killed ${KILLS} times while it sends ${UPDATES_PER_SECOND} updates a second and answers calls`,
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-ledger-'))
    const journal = join(folder, 'journal')
    let epoch = 1
    let host: LedgerProcess = await startLedgerProcess({ epoch, journal })
    // Viewers keep their address while the host comes back on other ports.
    const links = {
      plain: await createFaultyLink(host.ports.plain),
      sessions: await createFaultyLink(host.ports.sessions),
    }
    const followers = FOLLOWER_KINDS.map(({ host: kind, open }) => open(links[kind].port))
    onTestFinished(async () => {
      await Promise.all(followers.map((follower) => follower.close()))
      await Promise.all([links.plain.close(), links.sessions.close()])
      await host.kill()
      rmSync(folder, { recursive: true, force: true })
    })
    const everybodySees = (what: number): Promise<unknown> =>
      until(
        () => followers.every((f) => f.live() && f.view()?.epoch === what),
        `life ${what} to be seen by all`,
        30_000,
      )

    host.tick(UPDATES_PER_SECOND)
    const calls = followers.map((follower, i) =>
      callSteadily(follower, { name: `${i}`, everyMs: 10, timeoutMs: TIMEOUT_MS }),
    )
    await everybodySees(1)
    const recovery: number[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      const seen = followers.map(({ changes }) => changes)
      await until(() => followers.every(({ changes }, i) => changes > (seen[i] ?? 0) + 20), 'updates to flow', 20_000)
      await host.kill()
      await until(() => followers.every((follower) => !follower.live()), 'everybody to notice', 20_000)
      // What was there stays on the screen.
      expect(followers.map((follower) => follower.view()?.epoch)).toEqual(followers.map(() => epoch))
      host = await startLedgerProcess({ epoch: ++epoch, journal })
      for (const kind of Object.keys(links) as HostKind[]) links[kind].target = host.ports[kind]
      const began = performance.now()
      host.tick(UPDATES_PER_SECOND)
      await everybodySees(epoch)
      recovery.push(performance.now() - began)
    }

    const records = (await Promise.all(calls.map((one) => one.stop()))).flat()
    host.tick(0)
    const { state, health } = await host.report()
    await until(
      () => followers.every((f) => canonical(f.view()) === canonical(state)),
      'everybody to agree with the host',
      30_000,
    )
    console.log(
      `killed ${KILLS} times: all current again after ${recovery.map(Math.round).join(', ')} ms; ${records.length} calls: ${endsOf(records)}`,
    )
    expect(faultsOfCalls(records, state.credits, TIMEOUT_MS + 10_000)).toEqual([])
    expect(records.filter(({ end }) => 'ran' in end).length).toBeGreaterThan(50)
    expect(followers.flatMap(({ torn }) => torn)).toEqual([])
    expect(followers.map(({ pending }) => pending)).toEqual(followers.map(() => 0))
    const plain = FOLLOWER_KINDS.filter((kind) => kind.host === 'plain').length
    expect(health.plain).toMatchObject({ viewers: plain, callsInFlight: 0, dropped: 0 })
    expect(health.sessions).toMatchObject({ viewers: FOLLOWER_KINDS.length - plain, callsInFlight: 0, dropped: 0 })

    await Promise.all(followers.map((follower) => follower.close()))
    const nothing = { viewers: 0, sessions: 0, subscriptions: 0, queuedMessages: 0, callsInFlight: 0 }
    await eventually(async () =>
      expect((await host.report()).health).toMatchObject({ plain: nothing, sessions: nothing }),
    )
  },
)
