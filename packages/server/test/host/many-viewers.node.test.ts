import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { type BareViewer, bareViewer } from '../support/bare-viewer.ts'
import { manifestOf, sessionHost } from '../support/session-page.ts'
import { until } from '../support/until.ts'

const VIEWERS = 1000
const KEYS = 10
const ROUNDS = 200
const MB = 1024 * 1024

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heap(): number {
  collect()
  return process.memoryUsage().heapUsed
}

test(
  `features 62, 152 and 153: ${VIEWERS} viewers with ${KEYS} keys each: nothing is lost when all of them vanish and return, and memory stays bounded`,
  { timeout: 120_000 },
  async () => {
    const app = await sessionHost({ perOwner: VIEWERS })
    const port = await app.host.listening
    app.notes.update((d) => {
      for (let i = 0; i < 100; i++) d.notes?.set(`n${i}`, { text: 'start', stars: 0 })
    })
    const wishes = (viewer: number): Parameters<typeof manifestOf>[1] => ({
      stores: Array.from({ length: KEYS }, (_, i) => ['NotesStore', `notes%&n${(viewer + i) % 100}`] as const),
    })
    const all: BareViewer[] = []
    onTestFinished(() => all.forEach(({ socket }) => socket.terminate()))
    const join = async (ids: readonly string[]): Promise<BareViewer[]> => {
      const viewers: BareViewer[] = []
      for (let from = 0; from < VIEWERS; from += 100) {
        const some = Array.from({ length: 100 }, () => bareViewer(port, {}))
        viewers.push(...(await Promise.all(some)))
      }
      all.push(...viewers)
      for (const [i, viewer] of viewers.entries())
        viewer.emit('viewersessionattach', manifestOf(ids[i] ?? '', wishes(i)))
      await until(
        () => viewers.every((viewer) => viewer.events.includes('viewersessionattached')),
        'all to be attached',
        60_000,
      )
      return viewers
    }
    const change = (round: number): void =>
      void app.notes.update((d) => {
        for (let i = 0; i < 100; i++) d.notes?.set(`n${i}`, { text: `round ${round}`, stars: round })
      })

    const viewers = await join([])
    const ids = viewers.map((viewer) => String(viewer.last('viewersessionattached')?.['sessionID']))
    expect(new Set(ids).size).toBe(VIEWERS)
    expect(app.host.health()).toMatchObject({ viewers: VIEWERS, sessions: VIEWERS, subscriptions: VIEWERS * KEYS })
    change(1)
    await until(() => viewers.every(({ events }) => events.length === 3), 'everybody to hear of it', 60_000)

    for (const { socket } of viewers) socket.terminate()
    await until(() => app.host.health().detachedSessions === VIEWERS, 'all to be detached', 60_000)
    const before = heap()
    for (let round = 2; round <= ROUNDS; round++) change(round)
    const grown = heap() - before
    console.log(`${VIEWERS} detached sessions after ${ROUNDS} changes of ${KEYS} keys: ${(grown / MB).toFixed(1)} MB`)
    // One merged delta each, of what its keys hold; not one per change.
    expect(grown).toBeLessThan(40 * MB)

    const returned = await join(ids)
    expect(returned.every((viewer) => viewer.last('viewersessionattached')?.['resumed'] === true)).toBe(true)
    await until(() => returned.every(({ events }) => events.length >= 2), 'everybody to be up to date', 60_000)
    expect(returned.every(({ events }) => events.length === 2)).toBe(true)
    expect(app.host.health()).toMatchObject({ detachedSessions: 0, queuedMessages: 0, dropped: 0 })
  },
)

test('a session does not keep the dead socket of a viewer that is away', async () => {
  const app = await sessionHost()
  const viewer = await bareViewer(await app.host.listening, {})
  viewer.emit('viewersessionattach', manifestOf('', { stores: [['NotesStore', '']] }))
  await until(() => viewer.events.includes('viewersessionattached'), 'the session')
  const socket = new WeakRef(app.host.viewers[0]?.socket ?? {})
  viewer.socket.terminate()
  await until(() => app.host.health().detachedSessions === 1, 'the session to be detached')
  await until(() => {
    collect()
    return socket.deref() === undefined
  }, 'the socket to be collected')
  expect(app.host.health()).toMatchObject({ viewers: 0, sessions: 1, detachedSessions: 1, subscriptions: 1 })
})
