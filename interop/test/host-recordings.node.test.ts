import { describe, expect, test } from 'vitest'
import { hasGap, isServable, type Recording, recordings } from '../src/recording.ts'
import { replayHost } from '../src/replay-host.ts'

// What real servers said, a host of ours has to say too.
const covered = recordings.filter(isServable)

let compared = 0

describe('a Rivulet host in conversations recorded from the real Go server', () => {
  test('the recordings are there', () => {
    expect(covered.length).toBeGreaterThanOrEqual(70)
  })

  for (const recording of covered) {
    test(`${recording.name}: ${recording.description}`, async () => {
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
    })
  }

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
