import { decodeDelta } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Echo, notesHost, NotesStore, Whisper } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

const sub = (key: string, action = 0, storeName = 'NotesStore'): object => ({ storeName, action, key })

describe('who follows what, over all viewers', () => {
  test('is told once per key: when the first comes, when the last has gone', async () => {
    const app = await notesHost()
    const edges: string[] = []
    app.host.onSubscription(NotesStore, (key, on) => edges.push(`${key} ${on ? 'on' : 'off'}`))
    const [one, two] = [await app.page(), await app.page()]
    for (const key of ['title', 'title', 'Title', '']) one.socket.emit('storesub', sub(key))
    two.socket.emit('storesub', sub('title'))
    await one.fence()
    await two.fence()
    // `title` and `Title` are two subscriptions (session.md §12).
    expect(edges).toEqual(['title on', 'Title on', ' on'])
    edges.length = 0
    one.socket.emit('storesub', sub('title', 1))
    one.socket.emit('storesub', sub('title', 1))
    one.socket.emit('storesub', sub('title', 1))
    one.socket.emit('storesub', sub('never', 1))
    await one.fence()
    expect(edges).toEqual([])
    two.socket.disconnect()
    await until(() => edges.length === 1, 'the last follower of the title to go')
    one.socket.disconnect()
    await until(() => edges.length === 3, 'the rest')
    expect(edges[0]).toBe('title off')
    expect(edges.slice(1).toSorted()).toEqual([' off', 'Title off'])
    expect(app.host.health().subscriptions).toBe(0)
  })

  test('a listener that throws, or leaves while it is told, stops nobody', async () => {
    const app = await notesHost()
    const heard: string[] = []
    app.host.onSubscription(NotesStore, () => {
      throw new Error('mine')
    })
    const leave = app.host.onSubscription(NotesStore, (key) => {
      heard.push(`first ${key}`)
      leave()
    })
    app.host.onSubscription(NotesStore, (key, on) => heard.push(`second ${key} ${on}`))
    const page = await app.page()
    page.socket.emit('storesub', sub('a'))
    page.socket.emit('storesub', sub('a', 1))
    await page.fence()
    expect(heard).toEqual(['first a', 'second a true', 'second a false'])
    expect(app.errors).toHaveLength(2)
  })

  test('whatever viewers do, the edges add up to who is there', async () => {
    const app = await notesHost()
    const on = new Map<string, boolean>()
    app.host.onSubscription(NotesStore, (key, is) => {
      expect(on.get(key) ?? false).toBe(!is)
      on.set(key, is)
    })
    const step = fc.record({ viewer: fc.nat(2), key: fc.constantFrom('a', 'b', ''), action: fc.nat(1) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const pages = await Promise.all([app.page(), app.page(), app.page()])
        const counts = pages.map(() => new Map<string, number>())
        for (const { viewer, key, action } of steps) {
          pages[viewer]?.socket.emit('storesub', sub(key, action))
          const mine = counts[viewer] as Map<string, number>
          const count = mine.get(key) ?? 0
          mine.set(key, action === 0 ? count + 1 : Math.max(0, count - 1))
        }
        for (const page of pages) await page.fence()
        for (const key of ['a', 'b', ''])
          expect(on.get(key) ?? false).toBe(counts.some((mine) => (mine.get(key) ?? 0) > 0))
        for (const page of pages) page.socket.disconnect()
        await until(() => app.host.viewers.length === 0, 'all to go')
        expect([...on.values()].includes(true)).toBe(false)
      }),
      { numRuns: 20 },
    )
  })
})

describe('the level of a viewer', () => {
  test('is looked up for every operation', async () => {
    const lookups: number[] = []
    const app = await notesHost({ access: () => lookups.push(1) })
    app.host.rpc(Echo, (_, { level }) => String(level))
    const page = await app.page()
    page.socket.emit('storesub', sub('title'))
    page.socket.emit('storesub', sub('count'))
    page.socket.emit('keyedeventsub', { storeName: 'NotesStore', eventName: 'E', action: 0, key: 'k' })
    expect((await page.call('x')).result).toBe('4')
    // One more for each change that concerns it, none for one that does not.
    app.notes.update((d) => void (d.count = 50))
    app.notes.update((d) => d.notes?.clear())
    app.notes.update((d) => void (d.title = 'new'))
    expect((await page.call('x')).result).toBe('7')
    // Leaving needs no level.
    page.socket.emit('storesub', sub('title', 1))
    expect((await page.call('x')).result).toBe('8')
  })

  test('that falls while an update waits for its lookup: the update is not sent', async () => {
    const waiting: ((level: number) => void)[] = []
    let slow = false
    const app = await notesHost({
      access: () => (slow ? new Promise<number>((resolve) => waiting.push(resolve)) : 5),
    })
    const page = await app.page()
    page.socket.emit('storesub', sub('', 0, 'SecretStore'))
    await page.messages('storeupdate')
    slow = true
    app.secret.update((d) => void (d.title = 'one'))
    app.secret.update((d) => void (d.title = 'two'))
    waiting[0]?.(5)
    await page.messages('storeupdate', 2)
    waiting[1]?.(4)
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(page.received).toHaveLength(2)
  })

  test('whichever lookup ends first, updates arrive in their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), async (order) => {
        const waiting: ((level: number) => void)[] = []
        let slow = false
        const app = await notesHost({ access: () => (slow ? new Promise((resolve) => waiting.push(resolve)) : 0) })
        const page = await app.page()
        page.socket.emit('storesub', sub('count'))
        await page.messages('storeupdate')
        slow = true
        for (let n = 0; n < 8; n++) app.notes.update((d) => void (d.count = 100 + n))
        slow = false
        for (const n of order) {
          waiting[n]?.(0)
          await Promise.resolve()
        }
        const updates = await page.messages('storeupdate', 9)
        expect(updates.map(({ partial }) => decodeDelta(NotesStore, partial)['count']?.set)).toEqual([
          1, 100, 101, 102, 103, 104, 105, 106, 107,
        ])
      }),
      { numRuns: 15 },
    )
  })

  test('later messages wait for a slow lookup, and for nothing else', async () => {
    const waiting: ((level: number) => void)[] = []
    const app = await notesHost({
      access: ({ auth }) => (auth['slow'] === true ? new Promise((r) => waiting.push(r)) : 0),
    })
    const edges: string[] = []
    app.host.onSubscription(NotesStore, (key, on) => edges.push(`${key} ${on}`))
    const slow = await app.page({ auth: { slow: true } })
    const quick = await app.page()
    slow.socket.emit('storesub', sub('title'))
    slow.socket.emit('storesub', sub('title', 1))
    await until(() => waiting.length === 1, 'the lookup')
    quick.socket.emit('storesub', sub('count'))
    await quick.fence()
    expect(edges).toEqual(['count true'])
    waiting[0]?.(0)
    await until(() => edges.length === 3, 'the rest')
    expect(edges).toEqual(['count true', 'title true', 'title false'])
  })

  test('a lookup that never ends counts as failed after its time, for messages and for updates', async () => {
    let hang = false
    const app = await notesHost({
      access: () => (hang ? new Promise(() => undefined) : 0),
      accessTimeoutMs: 30,
    })
    const [asking, following] = [await app.page(), await app.page()]
    following.socket.emit('storesub', sub(''))
    await following.messages('storeupdate')
    hang = true
    asking.socket.emit('storesub', sub(''))
    app.notes.update((d) => void (d.count = 50))
    await until(() => asking.ended() !== undefined && following.ended() !== undefined, 'both to be closed')
    expect(app.warnings.every((text) => text.includes('access lookup failed'))).toBe(true)
    expect(String(app.details[0])).toContain('longer than 30 ms')
    expect(app.host.health()).toMatchObject({ viewers: 0, subscriptions: 0, queuedMessages: 0 })
  })
})

describe('keyed events', () => {
  /** A packet that knows how often it was read, which is once per serialization. */
  function counted(): { readonly packet: { readonly text: string }; readonly reads: () => number } {
    let reads = 0
    const packet = {
      get text() {
        reads++
        return 'x'
      },
    }
    return { packet, reads: () => reads }
  }

  test('are serialized once however many listen, and not at all when nobody does', async () => {
    const app = await notesHost({ access: () => 5 })
    const whisper = app.host.keyedEvent(Whisper)
    const none = counted()
    whisper.emit('k', none.packet)
    expect(none.reads()).toBe(0)
    const pages = [await app.page(), await app.page(), await app.page()]
    for (const page of pages) {
      page.socket.emit('keyedeventsub', { storeName: 'SecretStore', eventName: 'Whisper', action: 0, key: 'k' })
      await page.fence()
    }
    const one = counted()
    app.host.keyedEvent(Whisper).emit('k', one.packet)
    for (const page of pages) await page.messages('keyedevent')
    const once = one.reads()
    expect(once).toBeGreaterThan(0)
    const alone = counted()
    pages[0]?.socket.disconnect()
    pages[1]?.socket.disconnect()
    await until(() => app.host.viewers.length === 1, 'two to go')
    whisper.emit('k', alone.packet)
    expect(alone.reads()).toBe(once)
    whisper.emit('other', none.packet)
    expect(none.reads()).toBe(0)
  })

  test.each([['__proto__'], ['a"b\\c'], ['\u0000'], ['\u2028'], ['é'], ['e\u0301'], ['👩‍👩‍👧'], ['%&'], [' '], ['\ud800']])(
    'the key %j is its own',
    async (key) => {
      const app = await notesHost({ access: () => 5 })
      const whisper = app.host.keyedEvent(Whisper)
      const page = await app.page()
      for (const one of [key, `${key}x`]) {
        page.socket.emit('keyedeventsub', { storeName: 'SecretStore', eventName: 'Whisper', action: 0, key: one })
      }
      await page.fence()
      expect(whisper.listening(key)).toBe(true)
      expect(whisper.listening(key.normalize('NFD') === key ? `${key} ` : key.normalize('NFD'))).toBe(false)
      whisper.emit(key, { text: 'yours' })
      const [event] = await page.messages('keyedevent')
      expect(event?.['key']).toBe(key)
      await page.fence()
      expect(page.received.filter((m) => m.event === 'keyedevent')).toHaveLength(1)
    },
  )

  test('a listener that emits or changes stores when it is told does not disturb who is told', async () => {
    const app = await notesHost({ access: () => 5 })
    const whisper = app.host.keyedEvent(Whisper)
    whisper.onListening((key, on) => {
      if (on) whisper.emit(key, { text: 'welcome' })
      app.notes.update((d) => void d.count++)
    })
    const page = await app.page()
    page.socket.emit('keyedeventsub', { storeName: 'SecretStore', eventName: 'Whisper', action: 0, key: 'k' })
    expect((await page.messages('keyedevent'))[0]).toMatchObject({ key: 'k' })
  })
})
