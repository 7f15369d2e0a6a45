import { decodeDelta, decodeState } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { Heard, NotesStore, someNotes } from '../support/notes-host.ts'
import { manifestOf, sessionHost, type SessionPage } from '../support/session-page.ts'
import { until } from '../support/until.ts'

// Viewers that count (docs/sessions.md). What they did not receive is played by saying so.

type Body = Readonly<Record<string, unknown>>

const NOTES = { stores: [['NotesStore', '']] } as const

async function attach(
  page: SessionPage,
  sessionID: string,
  received: unknown,
  wishes = NOTES as object,
): Promise<Body> {
  const before = page.received.filter((m) => m.event === 'viewersessionattached').length
  page.socket.emit('viewersessionattach', { ...manifestOf(sessionID, wishes), received })
  return (await page.messages('viewersessionattached', before + 1)).at(-1) as Body
}

const idOf = (answer: Body): string => String(answer['sessionID'])
const texts = (page: SessionPage): string[] =>
  page.received.filter((m) => m.event === 'event').map((m) => (m.body['event'] as Buffer).subarray(1).toString())
/** Messages of the session: what a viewer counts. */
const counted = (page: SessionPage): number => page.received.filter((m) => m.event !== 'viewersessionattached').length

async function leave(page: SessionPage, app: { readonly life: readonly { readonly kind: string }[] }): Promise<void> {
  const before = app.life.filter(({ kind }) => kind === 'detached').length
  page.drop()
  await until(() => app.life.filter(({ kind }) => kind === 'detached').length > before, 'the host to notice')
}

describe('a viewer that counts', () => {
  test('is told what is sent anew, what was lost, and what was taken of it; others hear nothing of that', async () => {
    const app = await sessionHost()
    const page = await app.page()
    const answer = await attach(page, '', 0)
    expect(answer['continuity']).toEqual({ lost: 0, seen: 0, baselines: ['NotesStore'] })
    expect(await (await app.page()).attach('', NOTES)).not.toHaveProperty('continuity')
    await page.call('a')
    page.socket.emit('storesub', { storeName: 'NotesStore', action: 0, key: 'Title' })
    await page.call('b')
    const received = counted(page)
    await leave(page, app)
    const next = await app.page()
    expect(
      await attach(next, idOf(answer), received, {
        stores: [
          ['NotesStore', ''],
          ['NotesStore', 'Title'],
        ],
      }),
    ).toEqual({
      sessionID: idOf(answer),
      resumed: true,
      capabilities: { dataStreams: false },
      continuity: { lost: 0, seen: 3, baselines: [] },
    })
    expect(counted(next)).toBe(0)
  })

  test('gets lost events and answers again, before those that came while it was away, and lost stores as a baseline', async () => {
    const app = await sessionHost()
    const page = await app.page()
    const answer = await attach(page, '', 0)
    await page.messages('storeupdate')
    app.host.emit(Heard, { text: '1' })
    app.host.emit(Heard, { text: '2' })
    app.notes.update((draft) => void (draft.title = 'lost'))
    await page.call('answer')
    app.host.emit(Heard, { text: '3' })
    await until(() => texts(page).length === 3, 'three events')
    await leave(page, app)
    app.host.emit(Heard, { text: '4' })
    const next = await app.page()
    // It took the baseline and the first event.
    const again = await attach(next, idOf(answer), 2)
    expect(again['continuity']).toEqual({ lost: 4, seen: 1, baselines: ['NotesStore'] })
    await until(() => texts(next).length === 3, 'the lost events')
    expect(next.received.map((m) => m.event)).toEqual([
      'viewersessionattached',
      'storeupdate',
      'event',
      'rpccallresp',
      'event',
      'event',
    ])
    expect(texts(next)).toEqual(['2', '3', '4'])
    const [full] = await next.messages('storeupdate')
    expect(full?.['kind']).toBe(0)
    expect(decodeState(NotesStore, full?.['state']).title).toBe('lost')
  })

  test('what is lost twice comes a third time', async () => {
    const app = await sessionHost()
    let page = await app.page()
    const answer = await attach(page, '', 0, {})
    app.host.emit(Heard, { text: '1' })
    app.host.emit(Heard, { text: '2' })
    for (let i = 0; i < 3; i++) {
      await until(() => texts(page).length === 2, 'both events')
      expect(texts(page)).toEqual(['1', '2'])
      await leave(page, app)
      page = await app.page()
      expect((await attach(page, idOf(answer), 0, {}))['continuity']).toMatchObject({ lost: 2 })
    }
    await until(() => texts(page).length === 2, 'both events')
    await leave(page, app)
    page = await app.page()
    expect((await attach(page, idOf(answer), 1, {}))['continuity']).toMatchObject({ lost: 1 })
    await until(() => texts(page).length === 1, 'the second event')
    expect(texts(page)).toEqual(['2'])
  })

  test('an update that it did receive is not repeated: what changed while it was away comes merged', async () => {
    const app = await sessionHost()
    const page = await app.page()
    const answer = await attach(page, '', 0)
    app.notes.update((draft) => void (draft.title = 'seen'))
    await page.messages('storeupdate', 2)
    await leave(page, app)
    app.notes.update((draft) => void (draft.count = 5))
    app.notes.update((draft) => void (draft.count = 6))
    const next = await app.page()
    expect((await attach(next, idOf(answer), 2))['continuity']).toEqual({ lost: 0, seen: 0, baselines: [] })
    const updates = await next.messages('storeupdate')
    expect(updates.map((m) => decodeDelta(NotesStore, m['partial']))).toEqual([{ count: { set: 6 } }])
  })

  test.each([
    ['more than was sent', 99],
    ['less than nothing', -1],
  ])('that has received %s cannot go on; its session ends', async (_what, received) => {
    const app = await sessionHost()
    const page = await app.page()
    const answer = await attach(page, '', 0)
    await page.messages('storeupdate')
    await leave(page, app)
    const next = await app.page()
    const refused = await attach(next, idOf(answer), received)
    expect(refused).toMatchObject({ sessionID: '', resumed: false, error: expect.stringContaining('lost') })
    expect(app.life.at(-1)).toMatchObject({ kind: 'closed', reason: 'session aborted' })
    expect(await attach(next, '', 0)).toMatchObject({ resumed: false, continuity: { seen: 0 } })
  })

  test('a count that is none is refused like any other nonsense', async () => {
    const app = await sessionHost()
    expect(await attach(await app.page(), '', 'many')).toMatchObject({ sessionID: '', error: expect.any(String) })
  })

  test('more was lost than is kept: refused', async () => {
    const app = await sessionHost({}, { limits: { sessionEvents: 3 } })
    const page = await app.page()
    const answer = await attach(page, '', 0, {})
    for (let i = 0; i < 5; i++) app.host.emit(Heard, { text: String(i) })
    await until(() => texts(page).length === 5, 'all events')
    await leave(page, app)
    expect(await attach(await app.page(), idOf(answer), 0, {})).toMatchObject({
      error: expect.stringContaining('lost'),
    })
  })

  test('one that starts or stops to count in mid-session: no account can be given, so the stores start anew', async () => {
    const app = await sessionHost()
    const page = await app.page()
    const plain = await page.attach('', NOTES)
    await leave(page, app)
    expect(await attach(await app.page(), idOf(plain), 0)).toMatchObject({ error: expect.any(String) })

    const counting = await app.page()
    const answer = await attach(counting, '', 0)
    await counting.messages('storeupdate')
    await leave(counting, app)
    const next = await app.page()
    expect(await next.attach(idOf(answer), NOTES)).not.toHaveProperty('continuity')
    expect(await next.messages('storeupdate')).toMatchObject([{ kind: 0 }])
  })

  test('takes its session over from a connection that still lives, without a gap and without waiting', async () => {
    const app = await sessionHost()
    const page = await app.page()
    const answer = await attach(page, '', 0, {})
    app.host.emit(Heard, { text: '1' })
    await until(() => texts(page).length === 1, 'the first event')
    const next = await app.page()
    app.host.emit(Heard, { text: '2' })
    expect((await attach(next, idOf(answer), 1, {}))['continuity']).toMatchObject({ lost: 1 })
    await until(() => page.ended() !== undefined, 'the old connection to be closed')
    app.host.emit(Heard, { text: '3' })
    await until(() => texts(next).length === 2, 'what followed')
    expect(texts(next)).toEqual(['2', '3'])
  })

  test('a map that became null while an update waited for a slow lookup is told to the connection that took over', async () => {
    const lookups: (() => void)[] = []
    let slow = false
    const app = await sessionHost(
      {},
      { access: () => (slow ? new Promise<number>((resolve) => lookups.push(() => resolve(5))) : 5) },
    )
    const wishes = { stores: ['notes', 'count'].map((key) => ['NotesStore', key] as const) }
    const page = await app.page({ level: 5 })
    const answer = await attach(page, '', 0, wishes)
    await page.messages('storeupdate')
    slow = true
    app.notes.replace({ ...someNotes(), notes: null })
    await until(() => lookups.length > 0, 'the update to wait')
    const next = await app.page({ level: 5 })
    expect((await attach(next, idOf(answer), counted(page), wishes))['continuity']).toMatchObject({ baselines: [] })
    expect(next.received.filter((m) => m.event === 'storeupdate')).toEqual([])
    slow = false
    for (const found of lookups) found()
    // Its viewer is not told that this is a baseline, so it has to say everything by itself: no delta can say null.
    const [update] = await next.messages('storeupdate')
    expect(update).toMatchObject({ kind: 0 })
    expect(decodeState(NotesStore, update?.['state']).notes).toBeNull()
  })

  test('what a heartbeat has confirmed is not kept; nobody can ask for it again', async () => {
    const app = await sessionHost()
    const page = await app.page()
    const answer = await attach(page, '', 0, {})
    app.host.emit(Heard, { text: '1' })
    await until(() => texts(page).length === 1, 'the event')
    const conn = app.host.viewers[0]?.socket.conn
    let confirmed = false
    conn?.once('heartbeat', () => (confirmed = true))
    ;(conn as unknown as { sendPacket(type: string): void }).sendPacket('ping')
    await until(() => confirmed, 'a heartbeat')
    app.host.emit(Heard, { text: '2' })
    await until(() => texts(page).length === 2, 'the second event')
    await leave(page, app)
    expect(await attach(await app.page(), idOf(answer), 0, {})).toMatchObject({
      error: expect.stringContaining('lost'),
    })
  })
})

describe('a method that nobody handles', () => {
  test('is answered with an error to a viewer that counts; others are disconnected, as by a Go host', async () => {
    const app = await sessionHost()
    const page = await app.page()
    await attach(page, '', 0, {})
    expect(await page.call('x', 'Nothing')).toMatchObject({ refused: { message: expect.stringContaining('Nothing') } })
    expect(page.ended()).toBeUndefined()
    const stock = await app.page()
    await stock.attach()
    await expect(stock.call('x', 'Nothing')).rejects.toThrow('disconnected')
  })
})
