import { afterEach, describe, expect, test, vi } from 'vitest'
import { createClient, isRivuletError, preload, type Client, type PathOf } from '../../src/index.ts'
import { createRequestClient, dehydrate, hydrate, prefetch, seed } from '../../src/ssr.ts'
import { board, type Board, BoardStore, OtherStore } from '../support/board.ts'
import { eventually } from '../support/eventually.ts'
import { closePages, failureOf, openPage } from '../support/page.ts'

afterEach(closePages)

const store = (client: Client): ReturnType<typeof client.store<Board>> => client.store(BoardStore)

/** A client with nothing to connect to that was given what `from` has rendered. */
function pageOf(from: Client): Client {
  const page = createRequestClient()
  hydrate(page, dehydrate(from))
  return page
}

describe('prefetch, on a server', () => {
  test('resolves to the value, which is rendered and written from then on', async () => {
    const { client, fake } = openPage()
    fake.load(BoardStore, board())
    expect(await prefetch(client, BoardStore, ['items', 'a', 'x'])).toBe(1)
    expect(store(client).initial(['items', 'a', 'x'])).toEqual({ known: true, value: 1 })
    expect(store(client).initial('title')).toEqual({ known: false, value: '' })
    expect(pageOf(client).store(BoardStore).get(['items', 'a', 'x'])).toBe(1)
  })

  test('the whole store', async () => {
    const { client, fake } = openPage()
    fake.load(BoardStore, board())
    expect(await prefetch(client, BoardStore)).toEqual(board())
    expect(store(client).initial().value).toEqual(board())
  })

  test('waits for the first data', async () => {
    const { client, fake } = openPage()
    const title = prefetch(client, BoardStore, 'title')
    await eventually(() => expect(fake.watches.size).toBe(1))
    fake.load(BoardStore, board())
    expect(await title).toBe('first')
  })

  test('what came first stays, for this client, whatever comes later', async () => {
    const { client, fake } = openPage()
    fake.load(BoardStore, board())
    await prefetch(client, BoardStore, 'title')
    fake.load(BoardStore, board({ title: 'second' }))
    await eventually(() => expect(store(client).get('title')).toBe('second'))
    expect(store(client).initial('title').value).toBe('first')
    expect(await prefetch(client, BoardStore, 'title')).toBe('first')
    expect(pageOf(client).store(BoardStore).get('title')).toBe('first')
  })

  test('two at once give one value', async () => {
    const { client, fake } = openPage()
    fake.load(BoardStore, board())
    const [a, b] = await Promise.all([prefetch(client, BoardStore, 'items'), prefetch(client, BoardStore, 'items')])
    expect(a).toBe(b)
  })

  test('gives up in time, and says what the connection was doing', async () => {
    const { client } = openPage()
    expect(await failureOf(prefetch(client, BoardStore, 'title', { timeoutMs: 20 }))).toMatchObject({
      code: 'timeout',
      store: 'BoardStore',
      path: ['title'],
      hint: expect.stringContaining('disconnected'),
    })
    expect(store(client).initial('title').known).toBe(false)
  })

  test('can be given up', async () => {
    const { client } = openPage()
    const ending = new AbortController()
    const failure = failureOf(prefetch(client, BoardStore, 'title', { signal: ending.signal }))
    ending.abort()
    expect(await failure).toMatchObject({ code: 'aborted' })
  })

  test('rejects with the error of the path', async () => {
    const { client, fake } = openPage()
    const failure = failureOf(prefetch(client, BoardStore, 'title'))
    await eventually(() => expect(fake.watches.size).toBe(1))
    fake.statusAll('error', { code: 'denied', what: 'not for you' })
    expect(await failure).toMatchObject({ code: 'denied' })
  })

  test('rejects a path that leads nowhere', async () => {
    const { client } = openPage()
    expect(await failureOf(prefetch(client, BoardStore, ['nothing'] as unknown as PathOf<Board>))).toMatchObject({
      code: 'path',
    })
  })

  test('gives the path back after a while', async () => {
    const { client, fake } = openPage({ graceMs: 0 })
    fake.load(BoardStore, board())
    expect(await prefetch(client, BoardStore, 'title')).toBe('first')
    expect(fake.watches.size).toBe(1)
    const now = performance.now.bind(performance)
    const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000)
    await eventually(() => expect(fake.watches.size).toBe(0))
    later.mockRestore()
  })
})

describe('a client of one request', () => {
  test('loads over the connection of another, and keeps what it got', async () => {
    const { client: upstream, fake } = openPage()
    fake.load(BoardStore, board())
    const first = createRequestClient(upstream)
    expect(await prefetch(first, BoardStore, 'title')).toBe('first')
    fake.load(BoardStore, board({ title: 'second' }))
    await eventually(() => expect(upstream.store(BoardStore).get('title')).toBe('second'))
    const second = createRequestClient(upstream)
    expect(await prefetch(second, BoardStore, 'title')).toBe('second')
    expect(first.store(BoardStore).initial('title').value).toBe('first')
    expect(upstream.store(BoardStore).initial('title').known).toBe(false)
    expect(fake.starts).toHaveLength(1)
  })

  test('asks the host once for many requests', async () => {
    const { client: upstream, fake } = openPage()
    fake.load(BoardStore, board())
    for (let i = 0; i < 20; i++) await prefetch(createRequestClient(upstream), BoardStore, 'title')
    expect(fake.log.filter((entry) => entry.startsWith('watch'))).toEqual(['watch(1:title)'])
  })

  test('without another it has no connection, and says so', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const client = createRequestClient()
    expect(await failureOf(prefetch(client, BoardStore, 'title'))).toMatchObject({ code: 'disconnected' })
    expect(client.connection.get().state).toBe('disconnected')
    expect(errors).toHaveBeenCalledTimes(1)
    errors.mockRestore()
  })
})

describe('seed', () => {
  test('is rendered and written, without any connection', () => {
    const client = createRequestClient()
    seed(client, BoardStore, [], board())
    seed(client, OtherStore, ['weather', 'wind'], 12)
    expect(store(client).initial('title')).toEqual({ known: true, value: 'first' })
    const page = pageOf(client)
    expect(page.store(BoardStore).get()).toEqual(board())
    expect(page.store(OtherStore).get(['weather', 'wind'])).toBe(12)
    expect(page.store(OtherStore).get('title')).toBe('')
  })

  test('keeps the value as it is', () => {
    const client = createRequestClient()
    const state = board()
    seed(client, BoardStore, [], state)
    expect(store(client).get()).toBe(state)
  })

  test('throws for a path that leads nowhere', () => {
    expect(() => seed(createRequestClient(), BoardStore, ['nothing'] as never, 1 as never)).toThrow(
      expect.objectContaining({ code: 'path' }),
    )
  })
})

describe('dehydrate', () => {
  test('writes the chosen stores only', () => {
    const client = createRequestClient()
    seed(client, BoardStore, 'title', 'x')
    seed(client, OtherStore, 'title', 'y')
    const page = createRequestClient()
    hydrate(page, dehydrate(client, { stores: [OtherStore] }))
    expect(page.store(BoardStore).loaded('title')).toBe(false)
    expect(page.store(OtherStore).get('title')).toBe('y')
  })

  test('passes on what a client was given itself', () => {
    const client = createRequestClient()
    seed(client, BoardStore, ['items', 'nobody'], undefined)
    seed(client, BoardStore, 'title', 'x')
    const middle = pageOf(client)
    middle.store(BoardStore)
    const page = pageOf(middle)
    expect(page.store(BoardStore).loaded(['items', 'nobody'])).toBe(true)
    expect(page.store(BoardStore).get('title')).toBe('x')
  })

  test('writes nothing for a client that has read nothing', () => {
    expect(dehydrate(createRequestClient())).toBe('{"rivulet":1,"stores":[]}')
  })

  test('only of a client', () => {
    expect(() => dehydrate({} as Client)).toThrow(expect.objectContaining({ code: 'config' }))
    expect(() => hydrate({} as Client, '{"rivulet":1,"stores":[]}')).toThrow(
      expect.objectContaining({ code: 'config' }),
    )
  })
})

describe('hydrate, on a page', () => {
  const rendered = (over: Partial<Board> = {}): string => {
    const client = createRequestClient()
    seed(client, BoardStore, [], board(over))
    return dehydrate(client)
  }

  test('the state reads as stale until live data comes, and then as what has come', async () => {
    const { client, fake, errors } = openPage()
    hydrate(client, rendered())
    const s = store(client)
    expect([s.get('title'), s.status('title'), s.loaded('title')]).toEqual(['first', 'stale', true])
    const version = s.version('title')
    expect(version).not.toBe(0)
    const heard = vi.fn<() => void>()
    s.subscribe('title', heard)
    expect([s.get('title'), s.status('title'), s.loaded('title')]).toEqual(['first', 'stale', true])
    fake.load(BoardStore, board({ title: 'live' }))
    await eventually(() => expect(s.get('title')).toBe('live'))
    expect(s.status('title')).toBe('live')
    expect(s.version('title')).not.toBe(version)
    expect(heard).toHaveBeenCalledTimes(1)
    // What is not followed reads as before.
    expect([s.get(['weather', 'wind']), s.status('weather')]).toEqual([3, 'stale'])
    expect(s.initial('title')).toEqual({ known: true, value: 'first' })
    expect(errors).toEqual([])
  })

  test('values keep their identity until live data comes', () => {
    const { client } = openPage()
    hydrate(client, rendered())
    expect(store(client).get('items')).toBe(store(client).get('items'))
    expect(store(client).get(['items', 'a'])).toBe(store(client).get('items')?.get('a'))
  })

  test('a path that was live and was given up does not fall back to the old state', async () => {
    const { client, fake } = openPage({ graceMs: 0 })
    hydrate(client, rendered())
    fake.load(BoardStore, board({ title: 'live' }))
    const stop = store(client).subscribe('title', () => undefined)
    await eventually(() => expect(store(client).status('title')).toBe('live'))
    stop()
    await eventually(() => expect(store(client).status('title')).toBe('idle'))
    expect([store(client).get('title'), store(client).loaded('title')]).toEqual(['', false])
  })

  test('a path that failed shows its error beside the state', async () => {
    const { client, fake } = openPage()
    hydrate(client, rendered())
    store(client).subscribe('title', () => undefined)
    await eventually(() => expect(fake.watches.size).toBe(1))
    fake.statusAll('error', { code: 'denied', what: 'not for you' })
    await eventually(() => expect(store(client).status('title')).toBe('error'))
    expect(store(client).get('title')).toBe('first')
  })

  test('the same text again does nothing; another one is taken', async () => {
    const { client, fake } = openPage()
    const text = rendered()
    hydrate(client, text)
    fake.load(BoardStore, board({ title: 'live' }))
    const stop = store(client).subscribe('title', () => undefined)
    await eventually(() => expect(store(client).status('title')).toBe('live'))
    hydrate(client, text)
    hydrate(client, rendered({ title: 'newer' }))
    expect(store(client).get('title')).toBe('live')
    stop()
    await eventually(() => expect(store(client).status('title')).toBe('stale'))
    expect(store(client).get('title')).toBe('newer')
  })

  test('another definition: the app is told, the store is empty, others are not touched', () => {
    const { client, errors } = openPage()
    const other = {
      ...BoardStore,
      types: [{ ...BoardStore.types[0], 'test.Row': { form: 'flat', fields: [] } }],
    } as never
    const server = createRequestClient()
    seed(server, OtherStore, 'title', 'y')
    const text = dehydrate(server)
    hydrate(client, rendered())
    hydrate(client, text)
    expect(client.store<Board>(other).get('title')).toBe('')
    expect(client.store<Board>(other).loaded('title')).toBe(false)
    expect(client.store(OtherStore).get('title')).toBe('y')
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ code: 'schema', hint: expect.stringContaining('Deploy server and page') })
  })

  test('a text that is none', () => {
    const { client } = openPage()
    expect(() => hydrate(client, 'oops')).toThrow(expect.objectContaining({ code: 'protocol' }))
    expect(store(client).loaded()).toBe(false)
  })
})

describe('preload', () => {
  test('resolves when the path is live, and keeps it for whoever comes', async () => {
    const { client, fake } = openPage({ graceMs: 0 })
    fake.load(BoardStore, board())
    await preload(client, BoardStore, 'title', { keepMs: 60_000 })
    expect(store(client).get('title')).toBe('first')
    expect(store(client).status('title')).toBe('live')
  })

  test('a rejection that nobody looks at is not an unhandled one', async () => {
    const { client } = openPage()
    const ending = new AbortController()
    void preload(client, BoardStore, 'title', { signal: ending.signal })
    const looked = failureOf(preload(client, BoardStore, 'title', { signal: ending.signal }))
    ending.abort()
    expect(await looked).toMatchObject({ code: 'aborted' })
  })

  test('rejects with what cannot be', async () => {
    const { client } = openPage()
    expect(await failureOf(preload(client, BoardStore, 'nothing' as never))).toMatchObject({ code: 'path' })
    const gone = createClient({ url: 'http://localhost:1', autoConnect: false })
    await gone.dispose()
    expect(isRivuletError(await failureOf(preload(gone, BoardStore, 'title')))).toBe(true)
  })
})

test('the engine is told which paths show something already: what it kept of an earlier visit is older', async () => {
  const { client: server, fake: host } = openPage()
  host.load(BoardStore, board())
  await prefetch(server, BoardStore, 'title')
  const { client, fake } = openPage()
  hydrate(client, dehydrate(server))
  store(client).subscribe(['title'], () => undefined)
  store(client).subscribe(['urlPath'], () => undefined)
  const shown = (): unknown[] => [...fake.watches.values()].map((watch) => [watch.path, watch.shown])
  await eventually(() => expect(shown()).toHaveLength(2))
  expect(shown()).toEqual([
    [['title'], true],
    [['urlPath'], undefined],
  ])
})
