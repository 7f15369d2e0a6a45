import type { EventDef } from '@rivulet/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Client, createClient } from '../../src/index.ts'
import { BoardStore, types, Upload } from '../support/board.ts'
import { eventually } from '../support/eventually.ts'

// The real engine in a real worker, with a host that goes on when this thread does not: see busy-worker.ts.

const Blob: EventDef<{ readonly bytes: Uint8Array }> = { kind: 'event', name: 'Blob', packet: 'test.Blob', types }
const MB = 1024 * 1024
const utf8 = new TextEncoder()

interface Page {
  readonly client: Client
  readonly errors: Error[]
  /** What the listener of the title saw, in order. */
  readonly seen: string[]
  /** Numbers of the events that arrived. */
  readonly events: number[]
  readonly flood: (ms: number, deltas: number, events?: number, size?: number) => Promise<void>
  /** Keeps the worker's queue long. */
  readonly backlog: (ms: number, tasks: number) => Promise<void>
  readonly count: (what: 'deltas' | 'events' | 'patches' | 'event-bytes' | 'waits') => Promise<number>
}

const open = new Set<Client>()

afterEach(async () => {
  await Promise.all([...open].map((client) => client.dispose()))
  open.clear()
  show('visible')
  vi.restoreAllMocks()
})

async function openPage(): Promise<Page> {
  const errors: Error[] = []
  const client = createClient({
    url: 'http://host.test',
    onError: (e) => errors.push(e),
    worker: () => new Worker(new URL('../support/busy-worker.ts', import.meta.url), { type: 'module' }),
  })
  open.add(client)
  const board = client.store(BoardStore)
  const seen: string[] = []
  const events: number[] = []
  board.subscribe('title', () => seen.push(board.get('title')))
  board.subscribe('items', () => undefined)
  client.on(Blob, ({ bytes }) => events.push(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)))
  await board.ready('title')
  const command = (line: string): Promise<number> => client.call(Upload, { bytes: utf8.encode(line) })
  // The way there and back, so that nothing of the start is still under way.
  await command('count patches')
  await frame()
  seen.length = 0
  return {
    client,
    errors,
    seen,
    events,
    flood: async (ms, deltas, eventRate = 0, size = 4) =>
      void (await command(`flood ${ms} ${deltas} ${eventRate} ${size}`)),
    backlog: async (ms, tasks) => void (await command(`backlog ${ms} ${tasks}`)),
    count: (what) => command(`count ${what}`),
  }
}

function frame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
}

/** Nothing else runs on this thread for so long. */
function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

function show(state: 'visible' | 'hidden'): void {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
  document.dispatchEvent(new Event('visibilitychange'))
}

describe('a page whose thread is blocked for 3 seconds', () => {
  test('under 1,000 deltas a second: at most one patch waits for it, and one more catches up', async () => {
    const { client, seen, errors, flood, count } = await openPage()
    await flood(2_800, 1_000)
    block(3_000)
    const last = String(await count('deltas'))
    await eventually(() => expect(seen.at(-1)).toBe(last))
    // Far more than frames, or it would show nothing.
    expect(Number(last)).toBeGreaterThan(1_000)
    // What went out at once when the flood began (perhaps in a frame before the block too, or two where the worker had to wait for a core), and the one that caught up.
    expect(await count('patches')).toBeLessThanOrEqual(4)
    expect(seen.length).toBeLessThanOrEqual(4)
    expect(client.store(BoardStore).get(['items', 'k1'])?.name).toBe(String(Number(last) - ((Number(last) - 1) % 50)))
    expect(errors).toEqual([])
  })

  test('under 1,000 small events a second: none is lost, and no more than one credit lets through is posted', async () => {
    const { events, errors, flood, count } = await openPage()
    await flood(2_800, 0, 1_000, 500)
    block(3_000)
    // The first thing that the worker hears of the page: what it had posted until then.
    const posted = await count('event-bytes')
    const sent = await count('events')
    expect(sent).toBeGreaterThan(1_000)
    expect(posted).toBeLessThan(2 * MB)
    await eventually(() => expect(events.length).toBe(sent))
    expect(events).toEqual(Array.from({ length: sent }, (_, i) => i + 1))
    expect(errors).toEqual([])
  })

  test('under 1,000 large events a second: the last ones arrive in order, and the page is told once how many are missing', async () => {
    const { events, errors, flood, count } = await openPage()
    await flood(2_800, 1_000, 1_000, 16_000)
    block(3_000)
    const posted = await count('event-bytes')
    const sent = await count('events')
    expect(sent * 16_000).toBeGreaterThan(12 * MB)
    expect(posted).toBeLessThan(3 * MB)
    await eventually(() => expect(events.at(-1)).toBe(sent))
    await eventually(() => expect(errors).toHaveLength(1))
    expect(events).toEqual(events.toSorted((a, b) => a - b))
    const lost = Number.parseInt(String(errors[0]?.message), 10)
    expect(errors[0]).toMatchObject({ code: 'limit' })
    expect(events.length + lost).toBe(sent)
    // One credit's worth before, eight megabytes held.
    expect(events.length * 16_000).toBeLessThan(11 * MB)
  })
})

describe('a hidden page', () => {
  test('takes the latest state now and then, and catches up with one patch when it is shown', async () => {
    const { seen, flood, count } = await openPage()
    show('hidden')
    const began = performance.now()
    await flood(2_500, 1_000)
    await eventually(async () => expect(await count('deltas')).toBe(2_500))
    const hidden = seen.length
    // One at once (two where the worker had to wait for a core), then one a second; not one a frame.
    expect(hidden).toBeLessThanOrEqual(3 + (performance.now() - began) / 1000)
    const before = await count('patches')
    show('visible')
    await eventually(() => expect(seen.at(-1)).toBe('2500'))
    expect((await count('patches')) - before).toBeLessThanOrEqual(1)
    expect(seen.length - hidden).toBeLessThanOrEqual(1)
  })
})

describe('a worker that has more to do than it can', () => {
  test('sends the page a patch a frame, although what the page grants waits behind all that is to be done', async () => {
    const { seen, errors, backlog, count } = await openPage()
    await backlog(2_500, 100)
    await eventually(async () => expect(await count('deltas')).toBeGreaterThan(1_000))
    await eventually(async () => {
      const before = await count('deltas')
      expect(await count('deltas')).toBe(before)
    })
    const [patches, waits] = [await count('patches'), await count('waits')]
    // Credits wait so often; a patch for each was all that a page got.
    expect(waits).toBeGreaterThan(5)
    expect(patches).toBeGreaterThan(3 * waits)
    await eventually(async () => expect(seen.at(-1)).toBe(String(await count('deltas'))))
    expect(seen.length).toBeLessThanOrEqual(patches)
    expect(errors).toEqual([])
  })
})

test('a page that takes events only gets all of them, however many there are', async () => {
  const { events, errors, flood, count } = await openPage()
  await flood(1_500, 0, 4_000)
  await eventually(async () => expect(await count('events')).toBe(6_000))
  await eventually(() => expect(events.length).toBe(6_000))
  expect(events).toEqual(Array.from({ length: 6_000 }, (_, i) => i + 1))
  expect(errors).toEqual([])
})
