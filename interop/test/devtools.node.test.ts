import type { ClientOptions } from '@rivulet/client'
import {
  encodeRecording,
  readRecording,
  type Recording as Taken,
  replayRecording,
  stateAt,
  takeRecording,
} from '@rivulet/devtools/recording'
import { decodeState, type RivuletError, type StoreDef, structOf, zeroStruct } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { createRecordedModel } from '../../packages/devtools/src/panel/views/time/recorded-model.ts'
import { inspectFrame } from '../../packages/devtools/src/panel/views/wire/inspect-frame.ts'
import { canonical } from '../../packages/server/test/support/canonical.ts'
import { createInspectedClient, type InspectedClient } from '../src/inspected-client.ts'
import { lineagesOf } from '../src/lineages.ts'
import { type LastMoment, lastMoment } from '../src/last-moment.ts'
import { playable } from '../src/playable.ts'
import type { Recording } from '../src/recording.ts'
import { replayClient } from '../src/replay-client.ts'
import { withSilentSockets } from '../src/silent-socket.ts'

const RING_BYTES = 4 * 2 ** 20

/**
 * Recordings with an update of a store that our client has not in use: the recorded viewer subscribed a field that there is not, which no path of ours can name, and was sent the whole store. Nobody brought a descriptor, so
 * the devtools show the entries of such an update, and not its fields. In none of the others are bytes bad: who sends bad ones is a viewer, and ours does not (see `HOSTILE`).
 */
const WITHOUT_DESCRIPTOR = ['keyed-acronym-trap', 'keyed-unknown-field']

const compared = { clients: 0, out: 0, in: 0, attributed: 0, parts: 0, states: 0, moments: 0 }
const withoutDescriptor = new Set<string>()

describe('devtools in conversations recorded from the real Go server', () => {
  test.each(playable.map((r) => [r.name, r.description, r] as const))('%s: %s', async (name, _, recording) => {
    const clients: InspectedClient[] = []
    const make = (options: ClientOptions): InspectedClient['client'] => {
      const made = createInspectedClient(options, RING_BYTES)
      clients.push(made)
      return made.client
    }
    const look = async (): Promise<void> => {
      for (const client of clients) await expectSeen(name, client)
    }
    await withSilentSockets(() => replayClient(recording, look, make))
    expect(clients.length).toBe(viewersOf(recording))
  })

  test('all of it was compared', () => {
    // What was reached (84 clients, 281 messages in and 185 out, 259 with bytes, 52 states, 251 moments), less a few: how often a client asks again is up to it.
    expect(compared.clients).toBeGreaterThanOrEqual(80)
    expect(compared.in).toBeGreaterThanOrEqual(270)
    expect(compared.out).toBeGreaterThanOrEqual(170)
    expect(compared.attributed).toBeGreaterThanOrEqual(250)
    expect(compared.parts).toBeGreaterThanOrEqual(7000)
    expect(compared.states).toBeGreaterThanOrEqual(50)
    expect(compared.moments).toBeGreaterThanOrEqual(240)
    expect([...withoutDescriptor].toSorted()).toEqual(WITHOUT_DESCRIPTOR)
  })
})

async function expectSeen(name: string, client: InspectedClient): Promise<void> {
  const { inspector, ...moment } = await lastMoment(client)
  compared.clients++
  expect(inspector.lost).toBe(0)
  expectMessages(client, moment)
  // What passed before there was an inspector is in the ring alone, and no message did.
  expect(inspector.entries).toEqual(moment.ring.entries.filter(({ seq }) => seq >= inspector.first))
  expect(moment.frames[0]?.seq ?? inspector.first).toBeGreaterThanOrEqual(inspector.first)
  const seqs = moment.frames.map(({ seq }) => seq)
  const { bytes } = await inspector.ask({ type: 'bytes', seqs })
  expect(seqs.flatMap((seq, i) => (bytes[i] === null ? [] : [[seq, bytes[i]]]))).toEqual(moment.ring.payloads)

  const { stores, requests, events } = inspector
  const taken = takeRecording(moment.ring, { stores, requests, events }, { note: name })
  const recording = readRecording(encodeRecording(taken))
  expect(recording).toEqual({ ...taken, ring: { gaps: [], ...taken.ring } })
  expectAttributed(name, recording, moment)
  await expectReplayed(recording, moment)
}

/** The engine tells of every message that passed its sockets, in order, and keeps its bytes. */
function expectMessages({ passed }: InspectedClient, { frames, ring }: LastMoment): void {
  const payloads = new Map(ring.payloads)
  const told = frames.map(({ seq, dir, kind, event, bytes }) => {
    const payload = new Uint8Array(payloads.get(seq) ?? [])
    expect(payload.length).toBe(bytes)
    return [dir, kind === 'other' ? event : kind, Buffer.from(payload).toString('hex')]
  })
  const kindOf = (event: string): string => (event === 'ffrpc' ? 'rpccall' : event)
  expect(told).toEqual(passed.map(({ dir, event, bytes }) => [dir, kindOf(event), Buffer.from(bytes).toString('hex')]))
  for (const { dir } of passed) compared[dir]++
}

/** Every byte of every message is in exactly one part, and says something. */
function expectAttributed(name: string, recording: Taken, { frames }: LastMoment): void {
  const model = createRecordedModel(recording)
  const payloads = new Map(recording.ring.payloads)
  for (const frame of frames) {
    const payload = payloads.get(frame.seq)
    if (payload === undefined || payload.byteLength === 0) continue
    const where = `${frame.dir} ${frame.kind} ${frame.store ?? frame.name} (entry ${frame.seq})`
    const { parts, error, known } = inspectFrame(model, frame, new Uint8Array(payload), {})
    if (!known) withoutDescriptor.add(name)
    expect(error, `why ${where} cannot be read`).toBeUndefined()
    let end = 0
    for (const { offset, length } of parts) {
      expect(offset, `where a part of ${where} begins`).toBe(end)
      expect(length, `the length of a part of ${where}`).toBeGreaterThan(0)
      end += length
    }
    expect(end, `the end of ${where}`).toBe(payload.byteLength)
    expect(parts.filter(({ meaning }) => UNREAD.test(meaning)).map(({ meaning }) => meaning)).toEqual([])
    compared.attributed++
    compared.parts += parts.length
  }
}

/** What parts are called that nobody reads. */
const UNREAD = /ignored|incomplete|not read|not looked at|no schema/

/** A client that replays the recording shows at every moment what the recording says, and at its end that is what the engine has. */
async function expectReplayed(recording: Taken, { ring, states }: LastMoment): Promise<void> {
  const problems: RivuletError[] = []
  const replay = replayRecording(recording, { onError: (error) => problems.push(error) })
  const show = async (seq: number): Promise<void> => {
    for (const [def] of states) {
      const recorded = stateAt(recording, def, seq)
      if (recorded === undefined) continue
      expect(canonical(await replay.state(def.name)), `${def.name} after entry ${seq}`).toBe(canonical(recorded))
      compared.moments++
    }
  }
  try {
    // Held all the time, so that the changes are applied as they come.
    for (const [def] of states) replay.client.store(def).subscribe([], () => undefined)
    for (let seq = await replay.step(); seq !== null; seq = await replay.step()) await show(seq)
    await replay.end()
    await show(ring.last)
    for (const [def, checkpoint] of states) {
      const recorded = stateAt(recording, def, ring.last)
      if (checkpoint === null) {
        // Where an engine has nothing, nothing or a state of zeros is kept of it.
        expect([canonical(undefined), canonical(zeroState(def))], `${def.name} without a state`).toContain(
          canonical(recorded),
        )
      } else {
        expect(canonical(recorded), `${def.name} at the end`).toBe(canonical(decodeState(def, checkpoint.state)))
        compared.states++
      }
    }
    expect(problems).toEqual([])
  } finally {
    await replay.dispose()
  }
}

function zeroState(def: StoreDef): unknown {
  return zeroStruct(def.types, structOf(def.types, def.state))
}

/** How many clients a recording needs. */
function viewersOf(recording: Recording): number {
  if (recording.setup.server?.sessions === true) return new Set(lineagesOf(recording).values()).size
  return new Set(recording.steps.filter(({ event }) => event === '$connect').map(({ conn }) => conn)).size
}
