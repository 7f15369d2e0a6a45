import { applyDelta, decodeDelta, decodeState, type StoreDef } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { createStore } from '../../src/index.ts'
import { Echo, notesHost, NotesStore, someNotes } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

const sub = (key = '', storeName = 'NotesStore'): object => ({ storeName, action: 0, key })
const unsub = (key = '', storeName = 'NotesStore'): object => ({ storeName, action: 1, key })
const kindsOf = (page: {
  readonly received: readonly { readonly event: string; readonly body: object }[]
}): unknown[] =>
  page.received.flatMap(({ event, body }) => (event === 'storeupdate' && 'kind' in body ? [body.kind] : []))

describe('who gets what', () => {
  test('features 31, 32 and 33: a full state, then every delta in order, then nothing', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('storesub', sub())
    const [first] = await page.messages('storeupdate')
    expect(decodeState(NotesStore, first?.['state'])).toEqual(someNotes())
    for (const title of ['one', 'two', 'three']) app.notes.update((d) => void (d.title = title))
    const updates = await page.messages('storeupdate', 4)
    expect(updates.slice(1).map((u) => decodeDelta(NotesStore, u['partial']))).toEqual([
      { title: { set: 'one' } },
      { title: { set: 'two' } },
      { title: { set: 'three' } },
    ])
    page.socket.emit('storesub', unsub())
    await page.fence()
    app.notes.update((d) => void (d.title = 'unheard'))
    app.notes.replace(someNotes())
    await page.fence()
    expect(kindsOf(page)).toEqual([0, 2, 2, 2])
  })

  test('feature 34: who follows another store, or none, gets nothing', async () => {
    const app = await notesHost()
    const [other, none] = [await app.page({ auth: { level: 5 } }), await app.page()]
    other.socket.emit('storesub', sub('', 'SecretStore'))
    await other.messages('storeupdate')
    app.notes.update((d) => void (d.title = 'for others'))
    app.notes.replace(someNotes())
    await other.fence()
    await none.fence()
    expect(kindsOf(other)).toEqual([0])
    expect(kindsOf(none)).toEqual([])
  })

  test('features 35, 36 and 37: a path brings itself, then only what touches it', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('storesub', sub('count'))
    const [first] = await page.messages('storeupdate')
    expect([first?.['kind'], decodeDelta(NotesStore, first?.['partial'])]).toEqual([2, { count: { set: 1 } }])
    app.notes.update((d) => void (d.title = 'elsewhere'))
    app.notes.update((d) => {
      d.title = 'and here'
      d.count = 2
    })
    const [, second] = await page.messages('storeupdate', 2)
    expect(decodeDelta(NotesStore, second?.['partial'])).toEqual({ count: { set: 2 } })
  })

  test('feature 36: a path that does not resolve brings the full state, once', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('storesub', sub('nowhere'))
    await page.messages('storeupdate')
    app.notes.update((d) => void (d.title = 'changed'))
    await page.fence()
    expect(kindsOf(page)).toEqual([0])
  })

  test('feature 192: what was asked for twice takes two to leave', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('storesub', sub('count'))
    page.socket.emit('storesub', sub('count'))
    page.socket.emit('storesub', unsub('count'))
    await page.fence()
    app.notes.update((d) => void (d.count = 2))
    await page.messages('storeupdate', 2)
    page.socket.emit('storesub', unsub('count'))
    await page.fence()
    app.notes.update((d) => void (d.count = 3))
    await page.fence()
    expect(kindsOf(page)).toEqual([2, 2])
  })

  test('feature 39: the application hears of the first follower of a key, and of the last', async () => {
    const app = await notesHost()
    const edges: string[] = []
    app.host.onSubscription(NotesStore, (key, on) => edges.push(`${key} ${on}`))
    const [a, b] = [await app.page(), await app.page()]
    for (const page of [a, b, a]) page.socket.emit('storesub', sub('count'))
    b.socket.emit('storesub', sub(''))
    await a.fence()
    await b.fence()
    a.socket.emit('storesub', unsub('count'))
    a.socket.emit('storesub', unsub('count'))
    await a.fence()
    expect(edges).toEqual(['count true', ' true'])
    b.socket.disconnect()
    await until(() => edges.length === 4, 'the last follower to be gone')
    expect(edges.slice(2).toSorted()).toEqual([' false', 'count false'])
  })
})

describe('changes that are none', () => {
  test('features 131, 132 and 188: a call that changes nothing is answered, and nobody is told', async () => {
    const app = await notesHost()
    const told: unknown[] = []
    app.notes.onChange((change) => told.push(change))
    app.host.rpc(Echo, ({ text }) => {
      app.notes.update((d) => {
        d.title = 'title'
        d.notes?.set('a', { text: 'first', stars: 1 })
        d.notes?.delete('never there')
      })
      app.notes.apply({ count: { set: 1 }, notes: { deletes: new Set(['nor here']) } })
      return text
    })
    const page = await app.page()
    page.socket.emit('storesub', sub())
    await page.messages('storeupdate')
    expect(await page.call('no-op')).toEqual({ result: 'no-op', error: null })
    await page.fence()
    expect(kindsOf(page)).toEqual([0])
    expect(told).toEqual([])
    // Of a change that is partly none, the rest is sent.
    app.notes.apply({ count: { set: 1 }, title: { set: 'news' } })
    const [, update] = await page.messages('storeupdate', 2)
    expect(decodeDelta(NotesStore, update?.['partial'])).toEqual({ title: { set: 'news' } })
  })
})

describe('names with acronyms', () => {
  interface Page {
    readonly urlPath: string
    readonly other: string
  }
  const PageStore: StoreDef<Page> = {
    kind: 'store',
    name: 'PageStore',
    state: 'page.State',
    types: [
      {
        'page.State': {
          form: 'partial',
          fields: [
            { name: 'urlPath', wire: 'URLPath', id: 1, type: { kind: 'string' } },
            { name: 'other', id: 2, type: { kind: 'string' } },
          ],
        },
      },
    ],
  }

  test.each([
    ['URLPath', [2, 2]],
    ['uRLPath', [2, 2]],
    ['urlPath', [0]],
  ])('feature 190: the key %s', async (key, kinds) => {
    const store = createStore(PageStore, { urlPath: '/', other: '' })
    const app = await notesHost({ stores: [store] })
    const page = await app.page()
    page.socket.emit('storesub', sub(key, 'PageStore'))
    await page.messages('storeupdate')
    store.update((d) => void (d.urlPath = '/news'))
    store.update((d) => void (d.other = 'x'))
    await page.fence()
    expect(kindsOf(page)).toEqual(kinds)
    const state = page.received
      .filter(({ event }) => event === 'storeupdate')
      .reduce<Page>(
        (at, { body }) =>
          'state' in body
            ? decodeState(PageStore, body['state'])
            : applyDelta(PageStore, at, decodeDelta(PageStore, body['partial'])).state,
        { urlPath: '', other: '' },
      )
    expect(state.urlPath).toBe(kinds.length === 2 ? '/news' : '/')
  })
})
