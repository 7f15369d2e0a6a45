import { array, asyncProperty, assert, constantFrom, jsonValue, oneof, record, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { Echo, notesHost, Shout } from '../support/notes-host.ts'
import { sessionHost } from '../support/session-page.ts'
import { until } from '../support/until.ts'

const words = constantFrom(
  'NotesStore',
  'SecretStore',
  'Echo',
  'Shout',
  'Fence',
  'notes%&a',
  'Whisper',
  '__proto__',
  '',
  null,
  0,
  1,
  2,
)
const entry = record({ storeName: words, key: words, eventName: words, streamName: words, subscriptionID: words })
const value = oneof(words, jsonValue(), uint8Array({ maxLength: 30 }), array(oneof(entry, words), { maxLength: 5 }))
const fields = record(
  {
    storeName: value,
    storename: value,
    action: oneof(constantFrom(0, 1), value),
    key: value,
    callID: value,
    methodName: value,
    request: oneof(uint8Array({ maxLength: 30 }), value),
    eventName: value,
    subscriptionID: value,
    sessionID: value,
    streamName: value,
    storeSubscriptions: value,
    keyedEventSubscriptions: value,
    dataStreamSubscriptions: value,
  },
  { requiredKeys: [] },
)
const events = constantFrom(
  'storesub',
  'rpccall',
  'ffrpc',
  'keyedeventsub',
  'datastreamsub',
  'viewersessionattach',
  'viewersessionclose',
  'error',
)
const messages = array(record({ event: events, body: oneof(fields, value) }), { maxLength: 12 })

test(
  'whatever a viewer sends, it is answered or disconnected, and nobody else notices',
  { timeout: 60_000 },
  async () => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => text)
    app.host.onSend(Shout, () => undefined)
    const witness = await app.page()
    witness.socket.emit('storesub', { storeName: 'NotesStore' })
    await witness.messages('storeupdate')
    let closed = 0
    await assert(
      asyncProperty(messages, async (sent) => {
        const page = await app.page()
        for (const { event, body } of sent) page.socket.emit(event, body)
        // Either the fence is answered or the connection is gone; hanging is the one thing that must not happen.
        const outcome = await page.fence().then(() => 'answered', String)
        expect(['answered', 'Error: disconnected']).toContain(outcome)
        if (outcome !== 'answered') closed++
        expect(page.received.every((m) => m.body['storeName'] !== 'SecretStore')).toBe(true)
        page.socket.disconnect()
      }),
      { numRuns: 150 },
    )
    expect(closed).toBeGreaterThan(10)
    expect((await witness.call('well')).result).toBe('well')
    expect(witness.received.filter((m) => m.event === 'storeupdate')).toHaveLength(1)
    await until(() => app.host.viewers.length === 1, 'all others to be forgotten')
  },
)

test('without viewer sessions an attach is ignored, and everything else works', async () => {
  const app = await notesHost()
  const page = await app.page()
  page.socket.emit('viewersessionattach', { sessionID: '', storeSubscriptions: [] })
  page.socket.emit('viewersessionclose', { sessionID: 'x' })
  expect((await page.call('on', 'Fence')).result).toBe('on')
})

test(
  'the same with sessions: every attach is answered or ends the connection, and sessions do not pile up',
  { timeout: 60_000 },
  async () => {
    const app = await sessionHost(
      { perOwner: 1000, detachedMs: 20 },
      { streams: { open: () => Promise.reject(new Error('no camera')) } },
    )
    app.host.rpc(Echo, ({ text }) => text)
    const witness = await app.page()
    await witness.attach('', { stores: [['NotesStore', '']] })
    await witness.messages('storeupdate')
    const outcomes = { answered: 0, closed: 0 }
    await assert(
      asyncProperty(messages, async (sent) => {
        const page = await app.page()
        for (const { event, body } of sent) page.socket.emit(event, body)
        page.socket.emit('viewersessionattach', {})
        // The last attach is answered after everything before it: with a session, or with a refusal because there is one.
        const attaches = sent.filter(({ event }) => event === 'viewersessionattach').length + 1
        const answers = (): number => page.received.filter((m) => m.event === 'viewersessionattached').length
        await until(() => answers() === attaches || page.ended() !== undefined, 'every attach to be answered')
        if (page.ended() === undefined) outcomes.answered++
        else outcomes.closed++
        expect(page.received.every((m) => m.body['storeName'] !== 'SecretStore')).toBe(true)
        page.socket.disconnect()
      }),
      { numRuns: 150 },
    )
    expect(outcomes.answered).toBeGreaterThan(10)
    expect(outcomes.closed).toBeGreaterThan(10)
    expect((await witness.call('well')).result).toBe('well')
    await until(() => app.host.health().sessions === 1 && app.host.viewers.length === 1, 'all others to be forgotten')
    expect(app.host.health().subscriptions).toBe(1)
  },
)
