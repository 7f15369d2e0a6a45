import { describe, expect, test, vi } from 'vitest'
import { createTestServer } from '@rivulet/testing'
import { Add, Call, Clear, HarborStore, Horn, Sound } from './support/schema.ts'

describe('calls', () => {
  test('a handler gets the arguments, and its result reaches the caller', async () => {
    const server = createTestServer()
    const client = server.client()
    server.on(Add, ({ by }) => by + 1)
    await expect(client.call(Add, { by: 41 })).resolves.toBe(42)
    await server.dispose()
  })

  test('a handler may be asynchronous and change stores; the change comes before the answer', async () => {
    const server = createTestServer()
    const client = server.client()
    const harbor = client.store(HarborStore)
    server.set(HarborStore, { ticks: 1 })
    server.on(Add, async ({ by }) => {
      await Promise.resolve()
      server.update(HarborStore, (draft) => void (draft.ticks += by))
      return server.state(HarborStore).ticks
    })
    harbor.subscribe('ticks', () => undefined)
    await server.settled()
    const answer = client.call(Add, { by: 2 })
    await server.settled()
    await expect(answer).resolves.toBe(3)
    expect(harbor.get('ticks')).toBe(3)
    await server.dispose()
  })

  test('a call without a result', async () => {
    const server = createTestServer()
    const handler = vi.fn<(args: { readonly by: number }) => void>()
    server.on(Clear, handler)
    await expect(server.client().call(Clear, { by: 1 })).resolves.toBe(undefined)
    expect(handler.mock.calls).toEqual([[{ by: 1 }]])
    await server.dispose()
  })

  test.each([
    ['an Error', () => Promise.reject(new Error('the berth is taken')), 'the berth is taken'],
    [
      'a text',
      () => {
        throw 'no berth'
      },
      'no berth',
    ],
    ['something else', () => Promise.reject(5), 'the handler failed'],
  ])('%s that a handler throws reaches the caller', async (_, handler: () => Promise<number>, what) => {
    const server = createTestServer()
    const client = server.client()
    server.on(Add, handler)
    server.on(Clear, handler as unknown as () => Promise<void>)
    await expect(client.call(Add, { by: 1 })).rejects.toMatchObject({ code: 'rpc', what })
    await expect(client.call(Clear, { by: 1 })).rejects.toMatchObject({ code: 'rpc', what })
    await server.dispose()
  })

  test('a result that its type cannot hold is told to the caller', async () => {
    const server = createTestServer()
    server.on(Add, () => 2 ** 40)
    await expect(server.client().call(Add, { by: 1 })).rejects.toMatchObject({
      code: 'rpc',
      what: expect.stringContaining('result'),
    })
    await server.dispose()
  })

  test('a call that nobody answers says what the test has to do', async () => {
    const server = createTestServer()
    await expect(server.client().call(Add, { by: 1 })).rejects.toThrow(/HarborStore\.Add.*server\.on/)
    await server.dispose()
  })

  test('the handler that came last counts, and the one before is back when it goes', async () => {
    const server = createTestServer()
    const client = server.client()
    server.on(Add, () => 1)
    const off = server.on(Add, () => 2)
    await expect(client.call(Add, { by: 0 })).resolves.toBe(2)
    off()
    off()
    await expect(client.call(Add, { by: 0 })).resolves.toBe(1)
    await server.dispose()
  })

  test('a descriptor without its structs is refused at once', async () => {
    const server = createTestServer()
    expect(() => server.on({ ...Add, response: 'harbor.Missing' }, () => 1)).toThrow(
      expect.objectContaining({ code: 'schema' }),
    )
    await server.dispose()
  })

  test('calls without an answer', async () => {
    const errors: unknown[] = []
    const server = createTestServer({ onError: (error) => errors.push(error) })
    const client = server.client()
    const heard: unknown[] = []
    const off = server.on(Sound, (args) => void heard.push(args))
    // Something that waits for the connection: what is sent without one is lost.
    server.set(HarborStore, {})
    await client.store(HarborStore).ready('title')
    await client.send(Sound, { at: 7 })
    await server.settled()
    expect(heard).toEqual([{ at: 7 }])
    off()
    await client.send(Sound, { at: 8 })
    await server.settled()
    expect(errors).toEqual([expect.objectContaining({ code: 'unknown-method', store: 'HarborStore.Sound' })])
    await server.dispose()
  })
})

describe('events', () => {
  test('a plain event reaches every page that listens', async () => {
    const server = createTestServer()
    const heard: unknown[] = []
    for (const name of ['a', 'b']) server.client().on(Horn, ({ at }) => heard.push([name, at]))
    await server.settled()
    server.emit(Horn, { at: 5 })
    await server.settled()
    expect(heard).toEqual([
      ['a', 5],
      ['b', 5],
    ])
    await server.dispose()
  })

  test('a keyed event reaches who listens to its key', async () => {
    const server = createTestServer()
    const client = server.client()
    const heard: unknown[] = []
    const off = client.on(Call, 'bow', (packet) => heard.push(packet))
    await server.settled()
    server.emit(Call, 'stern', { at: 1 })
    server.emit(Call, 'bow', { at: 2 })
    await server.settled()
    off()
    await server.settled()
    server.emit(Call, 'bow', { at: 3 })
    await server.settled()
    expect(heard).toEqual([{ at: 2 }])
    await server.dispose()
  })

  test('what cannot be sent is told to the test', async () => {
    const server = createTestServer()
    expect(() => server.emit(Call, '', { at: 1 })).toThrow(
      expect.objectContaining({ code: 'config', store: 'HarborStore.Call', hint: expect.any(String) }),
    )
    expect(() => server.emit(Horn, { at: 2 ** 40 })).toThrow(expect.objectContaining({ code: 'out-of-range' }))
    await server.dispose()
  })
})

test('a data stream is refused with a reason', async () => {
  const server = createTestServer()
  const stream = server.client().stream({ kind: 'stream', store: 'HarborStore', name: 'Video' }, 'bow', {})
  await expect.poll(() => stream.status.get()).toMatchObject({ state: 'error' })
  expect(stream.status.get().error?.what).toContain('no data streams')
  await server.dispose()
})
