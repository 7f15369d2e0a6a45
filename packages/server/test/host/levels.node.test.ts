import { encodeValue, RivuletError } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { Echo, type NotesHost, notesHost, Shout, someNotes, Whisper } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

type Page = Awaited<ReturnType<NotesHost['page']>>

const request = (text: string): Uint8Array => encodeValue(Echo.types, { kind: 'struct', ref: Echo.request }, { text })
const secret = { storeName: 'SecretStore', action: 0 }

/** Everything that a viewer can ask for, or that reaches it because it asked. */
const OPERATIONS: readonly (readonly [string, (page: Page, app: NotesHost) => void])[] = [
  ['a subscription', (page) => page.socket.emit('storesub', { ...secret, key: 'title' })],
  ['a live delta', (_, app) => void app.secret.update((d) => void d.count++)],
  ['a replacement', (_, app) => app.secret.replace(someNotes())],
  ['a call', (page) => page.socket.emit('rpccall', { callID: 1, methodName: 'Echo', request: request('x') })],
  ['a send', (page) => page.socket.emit('ffrpc', { methodName: 'Shout', request: request('x') })],
  ['a keyed event', (page) => page.socket.emit('keyedeventsub', { ...secret, eventName: 'Whisper', key: 'k' })],
  [
    'a data stream',
    (page) => page.socket.emit('datastreamsub', { ...secret, subscriptionID: 's', streamName: 'Cam', key: 'k' }),
  ],
]

async function following(access: () => number): Promise<{ readonly app: NotesHost; readonly page: Page }> {
  const app = await notesHost({
    access,
    streams: {
      open: () => ({ leaseID: 'l', url: 'wss://x.test', token: 't', expiresAtUnixMilli: 0, close: () => undefined }),
    },
  })
  app.host.rpc(Echo, ({ text }) => text)
  app.host.onSend(Shout, () => undefined)
  const page = await app.page()
  page.socket.emit('storesub', secret)
  await page.messages('storeupdate')
  return { app, page }
}

describe('the level of a viewer', () => {
  test.each(OPERATIONS)('feature 57: is looked up for %s', async (_, operate) => {
    let lookups = 0
    const { app, page } = await following(() => {
      lookups++
      return 5
    })
    const before = lookups
    operate(page, app)
    await until(() => lookups > before, 'the lookup')
    expect(lookups).toBe(before + 1)
    await page.fence()
    expect(page.ended()).toBeUndefined()
  })

  test.each(OPERATIONS)('feature 58: that cannot be looked up for %s ends the connection', async (_, operate) => {
    let fails = false
    const { app, page } = await following(() => {
      if (fails) throw new Error('the lookup fails')
      return 5
    })
    fails = true
    operate(page, app)
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain('access lookup failed')
    expect(page.received).toHaveLength(1)
  })

  test('feature 111: too low for its store, a viewer gets neither catch-up nor delta nor replacement', async () => {
    for (const operate of [
      (app: NotesHost) => void app.secret.update((d) => void d.count++),
      (app: NotesHost) => app.secret.replace({ ...someNotes(), title: 'hidden' }),
    ]) {
      let level = 5
      const { app, page } = await following(() => level)
      level = 4
      operate(app)
      await until(() => page.ended() !== undefined, 'the connection to close')
      expect(page.received).toHaveLength(1)
    }
    const app = await notesHost()
    const low = await app.page({ auth: { level: 4 } })
    low.socket.emit('storesub', secret)
    await until(() => low.ended() !== undefined, 'the connection to close')
    expect(low.received).toEqual([])
  })

  test('features 176 and 177: is in the context of a handler, which is no argument', async () => {
    const app = await notesHost()
    const contexts: unknown[] = []
    app.host.rpc(Echo, (args, { level, viewer, signal }) => {
      contexts.push([args, level, viewer.auth, signal.aborted])
      return args.text
    })
    app.host.onSend(Shout, (args, { level, viewer, signal }) => {
      contexts.push([args, level, viewer.auth, signal.aborted])
    })
    const page = await app.page({ auth: { level: 3, name: 'ann' } })
    expect((await page.call('x')).result).toBe('x')
    page.socket.emit('ffrpc', { methodName: 'Shout', request: request('x') })
    await until(() => contexts.length === 2, 'both handlers')
    // The request is the text and nothing else.
    expect(request('x')).toEqual(Uint8Array.of(1, 120))
    expect(contexts).toEqual(Array.from({ length: 2 }, () => [{ text: 'x' }, 3, { level: 3, name: 'ann' }, false]))
  })

  test('feature 174: may decide which streams of a store it opens', async () => {
    const app = await notesHost({
      streams: {
        open({ key, level }) {
          if (key.startsWith('private') && level < 7) throw new RivuletError('denied', `${key} is not for you`)
          return { leaseID: key, url: 'wss://x.test', token: 't', expiresAtUnixMilli: 0, close: () => undefined }
        },
      },
    })
    const opened = async (level: number, key: string): Promise<unknown> => {
      const page = await app.page({ auth: { level } })
      const wish = { subscriptionID: 's', storeName: 'NotesStore', streamName: 'Cam', action: 0, key }
      page.socket.emit('datastreamsub', wish)
      const [answer] = await page.messages('datastreamendpoint')
      return answer?.['error'] ?? (answer?.['endpoint'] as { readonly leaseID?: string } | undefined)?.leaseID
    }
    expect(await opened(0, 'hall')).toBe('hall')
    expect(await opened(0, 'private-1')).toBe('private-1 is not for you')
    expect(await opened(7, 'private-1')).toBe('private-1')
  })

  test('feature 144: too low for its store, a viewer hears no event of it', async () => {
    const app = await notesHost()
    const page = await app.page({ auth: { level: 4 } })
    page.socket.emit('keyedeventsub', { ...secret, eventName: 'Whisper', key: 'k' })
    await until(() => page.ended() !== undefined, 'the connection to close')
    const whisper = app.host.keyedEvent(Whisper)
    expect(whisper.listening('k')).toBe(false)
    const high = await app.page({ auth: { level: 5 } })
    high.socket.emit('keyedeventsub', { ...secret, eventName: 'Whisper', key: 'k' })
    await until(() => whisper.listening('k'), 'the one with the level to listen')
    whisper.emit('k', { text: 'psst' })
    await high.messages('keyedevent')
    expect(page.received).toEqual([])
  })
})
