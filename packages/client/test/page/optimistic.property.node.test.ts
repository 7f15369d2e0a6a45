import type { Path } from '@rivulet/wire'
import * as fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { optimistic } from '../../src/page/optimistic.ts'
import type { Draft } from '../../src/page/optimistic-types.ts'
import type { PathOf } from '../../src/page/path-types.ts'
import { answerOf } from '../support/answer-call.ts'
import { eventually } from '../support/eventually.ts'
import { walk } from '../support/fake-engine.ts'
import { fleetEdit, type FleetEdit } from '../support/fleet-edits.ts'
import { type Fleet, FleetStore, makeFleet, Rename } from '../support/fleet.ts'
import { closePages, openPage } from '../support/page.ts'

afterEach(closePages)

/** What happens next: a call, the server's change of one, its answer or failure, somebody else's change. Numbers choose among the calls that it can happen to. */
type Step =
  | { readonly kind: 'call'; readonly edit: FleetEdit }
  | { readonly kind: 'foreign'; readonly edit: FleetEdit }
  | { readonly kind: 'apply' | 'answer' | 'fail'; readonly which: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fleetEdit.map((edit): Step => ({ kind: 'call', edit })) },
  { weight: 1, arbitrary: fleetEdit.map((edit): Step => ({ kind: 'foreign', edit })) },
  { weight: 2, arbitrary: fc.nat(9).map((which): Step => ({ kind: 'apply', which })) },
  { weight: 2, arbitrary: fc.nat(9).map((which): Step => ({ kind: 'answer', which })) },
  { weight: 1, arbitrary: fc.nat(9).map((which): Step => ({ kind: 'fail', which })) },
)

interface Call {
  readonly edit: FleetEdit
  readonly index: number
  done: Promise<unknown>
  /** `answered`: it may be shown still. `over`: it may not. */
  state: 'waiting' | 'answered' | 'over'
  applied: boolean
  failed: boolean
}

const paths: readonly (PathOf<Fleet> & Path)[] = [
  [],
  ['title'],
  ['count'],
  ['at', 'lat'],
  ['boats'],
  ['boats', 'a'],
  ['boats', 'b', 'at'],
  ['queue'],
  ['marks', 1],
]

function changed(state: Fleet, edits: readonly FleetEdit[]): Fleet {
  const copy = structuredClone(state) as Draft<Fleet>
  for (const { run } of edits) run(copy)
  return copy
}

/** Every way to leave some of the answered calls out: each may have been taken down already. */
function candidates(server: Fleet, calls: readonly Call[]): Fleet[] {
  let lists: FleetEdit[][] = [[]]
  for (const { state, edit } of calls) {
    const withIt = lists.map((list) => [...list, edit])
    if (state === 'waiting') lists = withIt
    else if (state === 'answered') lists = [...lists, ...withIt]
  }
  return lists.map((list) => changed(server, list))
}

test('in any order of calls, patches, answers and failures: shown is the server state with the calls under way in order; in the end, the server state', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
      const { client, store, fake, errors } = openPage()
      let server = makeFleet()
      const calls: Call[] = []
      const problems: string[] = []
      let arriving = false

      const check = (when: string): void => {
        // While the listeners of one change run, all of it is in already.
        const possible = candidates(server, calls)
        const shown = paths.map((path) => store.get(path))
        const fits = possible.some((state) =>
          isDeepStrictEqual(
            shown,
            paths.map((path) => walk(FleetStore, state, path)),
          ),
        )
        if (!fits) problems.push(`${when}: ${JSON.stringify(shown.slice(1, 4))} is none of ${possible.length}`)
      }
      const arrived = (): Promise<void> =>
        new Promise((resolve) => {
          const stop = client.connection.subscribe(() => {
            stop()
            resolve()
          })
          // On the same port, so behind the patch.
          fake.post({
            type: 'connection',
            status: { state: 'connected', since: Math.random(), attempt: 0, clockOffset: null },
          })
        })
      const load = async (next: Fleet): Promise<void> => {
        server = next
        arriving = true
        fake.load(FleetStore, server)
        await arrived()
        arriving = false
      }

      for (const path of paths)
        store.subscribe(path, () => check(`${path.join('.')} heard${arriving ? ' in a patch' : ''}`))
      await load(server)
      await store.ready([])

      /** Waits until no answered call is shown any more: they stay for settleMs at most. */
      const takenDown = async (): Promise<void> => {
        const [expected] = candidates(
          server,
          calls.filter(({ state }) => state === 'waiting'),
        )
        await eventually(() => expect(store.get()).toEqual(expected))
        for (const call of calls) if (call.state === 'answered') call.state = 'over'
      }
      const settled = async (call: Call, ok: boolean): Promise<void> => {
        // Each of them doubles what may be shown.
        if (calls.filter(({ state }) => state === 'answered').length > 4) await takenDown()
        call.state = ok ? 'answered' : 'over'
        call.failed = !ok
        if (ok) fake.calls[call.index]?.answer(answerOf(Rename, 1))
        else fake.calls[call.index]?.fail(new Error('gone'))
        await call.done
      }

      for (const next of steps) {
        if (next.kind === 'call') {
          const { edit } = next
          const made: Call = {
            edit,
            index: calls.length,
            done: Promise.resolve(),
            state: 'waiting',
            applied: false,
            failed: false,
          }
          calls.push(made)
          const call = client.call(
            Rename,
            { id: '', name: '' },
            { optimistic: optimistic(FleetStore, edit.run, { settleMs: 10 }) },
          )
          made.done = call.catch(() => undefined)
          await vi.waitUntil(() => fake.calls.length === calls.length, { timeout: 10_000, interval: 1 })
        } else if (next.kind === 'foreign') {
          await load(changed(server, [next.edit]))
        } else {
          const open = calls.filter(({ state, applied, failed }) =>
            next.kind === 'apply' ? !applied && !failed : state === 'waiting',
          )
          const call = open[next.which % Math.max(open.length, 1)]
          if (call === undefined) continue
          if (next.kind === 'apply') {
            call.applied = true
            await load(changed(server, [call.edit]))
          } else {
            await settled(call, next.kind === 'answer')
          }
        }
        check(`after ${next.kind}`)
        expect(problems).toEqual([])
      }

      for (const call of calls) if (call.state === 'waiting') await settled(call, true)
      await takenDown()
      await eventually(() => expect(store.get()).toEqual(server))
      expect(problems).toEqual([])
      expect(errors).toEqual([])
      await client.dispose()
    }),
    { numRuns: 60, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  )
}, 60_000)
