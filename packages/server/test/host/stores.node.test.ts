import { applyDelta, decodeDelta, decodeState } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { notesHost, NotesStore, type NotesState, someNotes } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

const subscribe = (key?: string): object => ({
  storeName: 'NotesStore',
  action: 0,
  ...(key === undefined ? {} : { key }),
})

function replica(updates: readonly Readonly<Record<string, unknown>>[]): NotesState {
  return updates.reduce<NotesState>(
    (state, update) =>
      'state' in update
        ? decodeState(NotesStore, update['state'])
        : applyDelta(NotesStore, state, decodeDelta(NotesStore, update['partial'])).state,
    { title: '', count: 0, notes: null },
  )
}

describe('following a store', () => {
  test('features 31 and 32: a full state first, then every delta in order; equal to the host at the end', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('storesub', subscribe())
    await page.messages('storeupdate')
    for (let i = 0; i < 20; i++) {
      app.notes.update((d) => {
        d.count = i
        d.notes?.set(`n${i}`, { text: 'x', stars: i })
      })
    }
    const updates = await page.messages('storeupdate', 21)
    expect(updates.map((u) => u['kind'])).toEqual([0, ...Array<number>(20).fill(2)])
    expect(replica(updates)).toEqual(app.notes.state)
  })

  test('feature 192: JSON is read leniently: names in any case, key missing, null or empty, a fraction for an action', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('storesub', { STORENAME: 'NotesStore', Action: 0.7, key: null, more: { ignored: true } })
    page.socket.emit('storesub', { storename: 'NotesStore', key: '' })
    page.socket.emit('storesub', { storeName: 'NotesStore', action: 0 })
    await page.fence()
    // One key, counted three times: one baseline.
    expect(page.received.filter((m) => m.event === 'storeupdate')).toHaveLength(1)
    for (let i = 0; i < 2; i++) page.socket.emit('storesub', { storeName: 'NotesStore', action: 1 })
    await page.fence()
    app.notes.update((d) => void (d.count = 50))
    await page.messages('storeupdate', 2)
    page.socket.emit('storesub', { storeName: 'NotesStore', action: 1 })
    await page.fence()
    app.notes.update((d) => void (d.count = 51))
    await page.fence()
    expect(page.received.filter((m) => m.event === 'storeupdate')).toHaveLength(2)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['a text', 'NotesStore'],
    ['nothing', undefined],
    ['a wrong type', { storeName: 7, action: 0 }],
    ['an unknown action', { storeName: 'NotesStore', action: 2 }],
    ['an action as text', { storeName: 'NotesStore', action: '0' }],
    ['an unknown store', { storeName: 'Nowhere', action: 0 }],
    ['an unknown store to leave', { storeName: 'Nowhere', action: 1 }],
    ['a key of 4097 bytes', { storeName: 'NotesStore', action: 0, key: 'é'.repeat(2048) + 'x' }],
    ['bytes', Buffer.from([1, 2])],
  ])(
    'pitfall 75: feature 38: a subscription that is %s closes the connection, and the log says why',
    async (_, message) => {
      const app = await notesHost()
      const [bad, good] = [await app.page(), await app.page()]
      bad.socket.emit('storesub', message)
      await until(() => bad.ended() !== undefined, 'the connection to close')
      expect(app.warnings).toHaveLength(1)
      expect(app.warnings[0]).toMatch(/^closing the connection of viewer \S+ \((protocol|limit|unknown-store)\): .+/)
      expect((await good.call('still here', 'Fence')).result).toBe('still here')
    },
  )

  test('features 35, 36, 37 and 110: a key brings only what lies under it', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('storesub', subscribe('Notes%&a%&Stars'))
    expect(replica(await page.messages('storeupdate'))).toEqual({
      title: '',
      count: 0,
      notes: new Map([['a', { text: '', stars: 1 }]]),
    })
    app.notes.update((d) => {
      d.title = 'secret to this page'
      const [a, b] = [d.notes?.get('a'), d.notes?.get('b')]
      if (a && b) [a.text, a.stars, b.stars] = ['changed', 9, 9]
    })
    const updates = await page.messages('storeupdate', 2)
    expect(decodeDelta(NotesStore, updates[1]?.['partial'])).toEqual({
      notes: { mods: new Map([['a', { stars: { set: 9 } }]]) },
    })
    app.notes.update((d) => void (d.title = 'again'))
    await page.fence()
    expect(page.received.filter((m) => m.event === 'storeupdate')).toHaveLength(2)
  })

  test('pitfall 81: feature 37: replacing everything above a key, or removing it, reaches the follower of the key', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('storesub', subscribe('notes%&a%&text'))
    await page.messages('storeupdate')
    app.notes.update((d) => void d.notes?.set('a', { text: 'replaced', stars: 4 }))
    expect(replica(await page.messages('storeupdate', 2)).notes?.get('a')?.text).toBe('replaced')
    app.notes.apply({
      notes: {
        sets: new Map([['a', { text: 'set', stars: 0 }]]),
        mods: new Map([['a', { text: { set: 'then modified' } }]]),
      },
    })
    expect(replica(await page.messages('storeupdate', 3)).notes?.get('a')?.text).toBe('then modified')
    app.notes.update((d) => d.notes?.clear())
    expect(replica(await page.messages('storeupdate', 4)).notes?.get('a')?.text ?? '').toBe('')
  })

  test('pages with the same keys get the same bytes, encoded once', async () => {
    const app = await notesHost()
    const pages = [await app.page(), await app.page()]
    for (const page of pages) page.socket.emit('storesub', subscribe('notes%&a'))
    for (const page of pages) await page.messages('storeupdate')
    app.notes.update((d) => void d.notes?.delete('a'))
    const [one, two] = await Promise.all(pages.map((page) => page.messages('storeupdate', 2)))
    expect(one?.[1]).toEqual(two?.[1])
  })

  test('feature 170: full delivery: any key brings the whole store', async () => {
    const app = await notesHost({ delivery: 'full' })
    const page = await app.page()
    page.socket.emit('storesub', subscribe('title'))
    page.socket.emit('storesub', subscribe('count'))
    await page.fence()
    app.notes.update((d) => void d.notes?.delete('a'))
    expect(replica(await page.messages('storeupdate', 2))).toEqual(app.notes.state)
  })

  test('feature 136: a replaced state reaches followers of the whole and of keys', async () => {
    const app = await notesHost()
    const [whole, keyed, lost] = [await app.page(), await app.page(), await app.page()]
    whole.socket.emit('storesub', subscribe())
    keyed.socket.emit('storesub', subscribe('title'))
    keyed.socket.emit('storesub', subscribe('notes%&b'))
    lost.socket.emit('storesub', subscribe('title'))
    lost.socket.emit('storesub', subscribe('nowhere'))
    for (const page of [whole, keyed, lost]) await page.fence()
    app.notes.replace({ title: 'new', count: 5, notes: new Map([['b', { text: 'B', stars: 0 }]]) })
    expect((await whole.messages('storeupdate', 2))[1]?.['kind']).toBe(0)
    const updates = await keyed.messages('storeupdate', 4)
    expect(updates.map((u) => u['kind'])).toEqual([2, 2, 2, 2])
    expect(replica(updates)).toMatchObject({ title: 'new', count: 0 })
    expect((await lost.messages('storeupdate', 3)).map((u) => u['kind'])).toEqual([2, 0, 0])
  })

  test('features 39 and 134: a change caused by the subscription itself follows the catch-up', async () => {
    const app = await notesHost()
    app.host.onSubscription(NotesStore, (key, on) => app.notes.update((d) => void (d.title = `${key} ${on}`)))
    const page = await app.page()
    page.socket.emit('storesub', subscribe())
    const updates = await page.messages('storeupdate', 2)
    expect(updates.map((u) => u['kind'])).toEqual([0, 2])
    expect(decodeState(NotesStore, updates[0]?.['state']).title).toBe(' true')
    page.socket.disconnect()
    await until(() => app.notes.state.title === ' false', 'the end of the subscription')
  })

  test('feature 134: more than the allowed updates during one catch-up close the connection', async () => {
    const app = await notesHost({ limits: { heldUpdates: 10 } })
    app.host.onSubscription(NotesStore, () => {
      for (let i = 100; i < 120; i++) app.notes.update((d) => void (d.count = i))
    })
    const page = await app.page()
    page.socket.emit('storesub', subscribe())
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain('catch-up')
  })
})

describe('access', () => {
  test('feature 111: a store above the level closes the connection and shows nothing', async () => {
    const app = await notesHost()
    const page = await app.page({ auth: { level: 4 } })
    page.socket.emit('storesub', { storeName: 'SecretStore', action: 0 })
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(page.received).toEqual([])
    const allowed = await app.page({ auth: { level: 5 } })
    allowed.socket.emit('storesub', { storeName: 'SecretStore', action: 0 })
    await allowed.messages('storeupdate')
  })

  test('feature 111: a level that drops closes the connection at the next update, which is not sent', async () => {
    let level = 5
    const app = await notesHost({ access: () => level })
    const page = await app.page()
    page.socket.emit('storesub', { storeName: 'SecretStore', action: 0 })
    await page.messages('storeupdate')
    level = 4
    app.secret.update((d) => void (d.title = 'hidden'))
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(page.received).toHaveLength(1)
  })

  test.each<[string, () => number | Promise<number>]>([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['returns nonsense', () => Number.NaN],
    ['resolves with nonsense', () => Promise.resolve('5' as never)],
  ])('feature 58: a lookup that %s closes the connection', async (_, access) => {
    const app = await notesHost({ access })
    const page = await app.page()
    page.socket.emit('storesub', subscribe())
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain('access lookup failed')
    expect(page.received).toEqual([])
  })

  test('an asynchronous lookup keeps everything in order', async () => {
    const app = await notesHost({ access: () => new Promise((resolve) => setTimeout(resolve, Math.random() * 5, 9)) })
    const page = await app.page()
    page.socket.emit('storesub', subscribe())
    page.socket.emit('storesub', { storeName: 'NotesStore', action: 1 })
    page.socket.emit('storesub', subscribe())
    await page.messages('storeupdate', 2)
    for (let i = 0; i < 20; i++) app.notes.update((d) => void (d.count = 100 + i))
    app.notes.replace({ ...someNotes(), count: 7 })
    app.notes.update((d) => void (d.title = 'last'))
    const updates = await page.messages('storeupdate', 24)
    const counts = updates.slice(2, 22).map((u) => decodeDelta(NotesStore, u['partial'])['count']?.set)
    expect(counts).toEqual(Array.from({ length: 20 }, (_, i) => 100 + i))
    expect(replica(updates)).toEqual(app.notes.state)
  })

  test('requests that pile up behind a lookup that hangs close the connection', async () => {
    const app = await notesHost({ access: () => new Promise(() => undefined), limits: { waitingRequests: 5 } })
    const page = await app.page()
    for (let i = 0; i < 10; i++) page.socket.emit('storesub', subscribe(`k${i}`))
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain('access lookup')
  })
})
