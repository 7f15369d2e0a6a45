import { describe, expect, test } from 'vitest'
import { hasGap, isServable, type Recording, recordings } from '../src/recording.ts'
import { replayHost } from '../src/replay-host.ts'

// What real servers said, a host of ours has to say too.
const covered = recordings.filter(isServable)

let compared = 0

/** The recordings of one subject, as rows of a table of tests. */
function about(names: RegExp): [name: string, description: string, recording: Recording][] {
  return covered.filter(({ name }) => names.test(name)).map((r) => [r.name, r.description, r])
}

async function replay(_name: string, _description: string, recording: Recording): Promise<void> {
  const { received, held, expected, observed, expectedObserved, final, expectedFinal } = await replayHost(recording)
  expect(final).toEqual(expectedFinal)
  for (const [conn, messages] of expected) {
    expect(laneDifference(recording, conn, received.get(conn) ?? [], messages)).toEqual({ missing: [] })
  }
  // Also where the reference leaves viewers behind.
  for (const [subscription, [viewer, host]] of Object.entries(held)) {
    compared++
    expect(`${subscription} ${viewer}`).toBe(`${subscription} ${host}`)
  }
  expect(byLane(recording, observed)).toEqual(byLane(recording, expectedObserved))
}

const STORES = /^(store|unsubscribe|unknown-store|duplicate|catchup|two-viewers|full|limit)/
const KEYS = /^keyed-(?!event)/
const EVENTS = /^(events|keyed-event|game-server-time)/
const CALLS = /^(rpc|ffrpc)/
const SESSIONS = /^session-/
const STREAMS = /^datastream-/
const WHOLE = /^(game-subscribe|raw-)/

describe('a Rivulet host in conversations recorded from the real Go server', () => {
  test('the recordings are there, each under one subject', () => {
    expect(covered.length).toBeGreaterThanOrEqual(70)
    const subjects = [STORES, KEYS, EVENTS, CALLS, SESSIONS, STREAMS, WHOLE]
    expect(covered.filter(({ name }) => subjects.filter((names) => names.test(name)).length !== 1)).toEqual([])
  })

  describe('features 31, 32, 33, 34, 38, 39, 111, 131, 134, 136, 169, 170, 188 and 192: stores as the Go server was recorded', () => {
    test.each(about(STORES))('%s: %s', replay)
  })

  describe('features 35, 36, 37, 110 and 190: keys as the Go server was recorded', () => {
    test.each(about(KEYS))('%s: %s', replay)
  })

  describe('features 53, 139, 140, 141, 143 and 144: events as the Go server was recorded', () => {
    test.each(about(EVENTS))('%s: %s', replay)
  })

  describe('features 48, 49, 50, 146, 149, 169, 187, 189 and 197: calls as the Go server was recorded', () => {
    test.each(about(CALLS))('%s: %s', replay)
  })

  describe('features 152, 153, 154, 155, 156, 158, 159 and 191: sessions as the Go server was recorded', () => {
    test.each(about(SESSIONS))('%s: %s', replay)
  })

  describe('features 162 and 164: data streams as the Go server was recorded', () => {
    test.each(about(STREAMS))('%s: %s', replay)
  })

  describe('features 31, 32 and 48: games as the Go server was recorded', () => {
    test.each(about(WHOLE))('%s: %s', replay)
  })

  test('subscriptions that outlived their recording were compared with the host', () => {
    expect(compared).toBeGreaterThan(25)
  })
})

/** What of `wanted` is not there, and what is there too much, in a form that reads well when it differs. */
function laneDifference(
  recording: Recording,
  conn: string,
  got: readonly string[],
  wanted: readonly string[],
): unknown {
  // The reference leaves the viewer behind there: what it does send must come in its order, more may come between.
  if (hasGap(recording)) return { missing: missing(got, wanted) }
  const varies = recording.varies[`S>C/${conn}`]
  const unordered = varies !== undefined || recording.name === 'full-state-replacement'
  const unnumbered = (text: string): string => (varies === 'content' ? text.replaceAll(/lease-\d+/g, 'lease-n') : text)
  const [ours, theirs] = [got, wanted].map((lane) => {
    const texts = lane.map(unnumbered)
    return unordered ? texts.toSorted() : texts
  }) as [string[], string[]]
  const at = ours.findIndex((message, index) => message !== theirs[index])
  if (at === -1 && ours.length === theirs.length) return { missing: [] }
  return { ours: ours.slice(Math.max(at, 0)), theirs: theirs.slice(Math.max(at, 0)) }
}

function missing(got: readonly string[], wanted: readonly string[]): string[] {
  let at = 0
  for (const message of got) if (message === wanted[at]) at++
  return wanted.slice(at)
}

/** Observations in order, each subject for itself: an edge's key, a session, a stream. Sessions are told apart by the order of their appearance. */
function byLane(
  recording: Recording,
  observed: readonly { readonly event: string; readonly json: Readonly<Record<string, unknown>> }[],
): Record<string, unknown[]> {
  const lanes: Record<string, unknown[]> = {}
  const sessions: unknown[] = []
  for (const { event, json } of observed) {
    const { on, kind, reason, lease, session, ...rest } = json
    if (session !== undefined && !sessions.includes(session)) sessions.push(session)
    const numbered = recording.varies[`S ${event}`] === undefined && recording.varies['S>C/a'] === undefined
    const subject = { event, session: sessions.indexOf(session), ...rest, ...(numbered ? { lease } : {}) }
    ;(lanes[JSON.stringify(Object.entries(subject).map(String).toSorted())] ??= []).push([on, kind, reason])
  }
  return lanes
}
