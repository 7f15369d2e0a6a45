import { encodeValue, isRivuletError, type Types } from '@rivulet/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { structNode } from '../../src/page/struct-node.ts'
import { createFakeEngine } from '../support/fake-engine.ts'
import { Blow, Rename, types } from '../support/fleet.ts'
import { closePages, failureOf, openPage } from '../support/page.ts'
import { eventually } from '../support/eventually.ts'

afterEach(async () => {
  await closePages()
  vi.useRealTimers()
})

const args = { id: 'a', name: 'Ada' }

function response(result: number, error: string | null): ArrayBuffer {
  return encodeValue(types, structNode(types, 'fleet.RenameResponse'), { result, error }).buffer
}

describe('call', () => {
  test('feature 47: posts the arguments and decodes the answer', async () => {
    const { client, fake } = openPage()
    const call = client.call(Rename, args)
    await eventually(() => expect(fake.calls).toHaveLength(1))
    expect(fake.calls[0]?.args).toEqual(args)
    fake.calls[0]?.answer({ ok: true, bytes: response(7, null) })
    await expect(call).resolves.toBe(7)
  })

  test.each([
    ['the request needs', false, ['fleet.RenameRequest']],
    ['devtools need, while the engine keeps what passes', true, ['fleet.RenameRequest', 'fleet.RenameResponse']],
  ])('sends only the structs that %s', async (_why, devtools, structs) => {
    const { client, fake } = openPage()
    const spy = vi.fn<(types: Types) => void>()
    const { start } = fake
    const page = openPage(
      { devtools },
      {
        ...fake,
        start: async (request) => {
          const link = await start(request)
          return {
            ...link,
            control: { ...link.control, call: (id, rpc, a, ms) => (spy(rpc.types), link.control.call(id, rpc, a, ms)) },
          }
        },
      },
    )
    const call = page.client.call(Rename, args)
    await eventually(() => expect(spy).toHaveBeenCalled())
    expect(Object.keys(spy.mock.calls[0]?.[0][0] ?? {})).toEqual(structs)
    fake.calls[0]?.answer({ ok: true, bytes: response(1, null) })
    await call
    await client.dispose()
  })

  test('answers may come in any order', async () => {
    const { client, fake } = openPage()
    const all = [1, 2, 3].map(() => client.call(Rename, args))
    await eventually(() => expect(fake.calls).toHaveLength(3))
    for (const call of fake.calls.toReversed()) call.answer({ ok: true, bytes: response(call.id * 10, null) })
    await expect(Promise.all(all)).resolves.toEqual([10, 20, 30])
  })

  test.each(['no such boat', ''])(
    'pitfall 12: feature 48: an error of the handler rejects with its text, also when that is "%s"',
    async (text) => {
      const { client, fake } = openPage()
      const call = client.call(Rename, args)
      await eventually(() => expect(fake.calls).toHaveLength(1))
      fake.calls[0]?.answer({ ok: true, bytes: response(7, text) })
      await expect(call).rejects.toMatchObject({ code: 'rpc', message: text, what: text })
    },
  )

  test('pitfall 25: an answer that does not decode rejects, naming the call', async () => {
    const { client, fake } = openPage()
    const call = client.call(Rename, args)
    await eventually(() => expect(fake.calls).toHaveLength(1))
    fake.calls[0]?.answer({ ok: true, bytes: new Uint8Array([0x03, 0x07]).buffer })
    const error: unknown = await call.catch((e: unknown) => e)
    expect(isRivuletError(error) && [error.code, error.store]).toEqual(['malformed', 'rename'])
  })

  test('pitfall 24: an answer to a call that was given up changes nothing', async () => {
    const { client, fake, errors } = openPage()
    const abort = new AbortController()
    const call = client.call(Rename, args, { signal: abort.signal })
    await eventually(() => expect(fake.calls).toHaveLength(1))
    abort.abort()
    await expect(call).rejects.toMatchObject({ code: 'aborted' })
    fake.calls[0]?.answer({ ok: true, bytes: response(7, null) })
    const next = client.call(Rename, args)
    await eventually(() => expect(fake.calls).toHaveLength(2))
    fake.calls[1]?.answer({ ok: true, bytes: response(8, null) })
    await expect(next).resolves.toBe(8)
    expect(errors).toEqual([])
  })

  test('pitfall 48: every way of failing is a RivuletError with a code and the name of the call', async () => {
    const { client, fake } = openPage()
    const first = client.call(Rename, args)
    await eventually(() => expect(fake.calls).toHaveLength(1))
    fake.calls[0]?.answer({ ok: false, error: { code: 'disconnected', what: 'the connection ended', store: 'rename' } })
    await expect(first).rejects.toMatchObject({ name: 'RivuletError', code: 'disconnected', store: 'rename' })
    const second = client.call(Rename, args)
    await eventually(() => expect(fake.calls).toHaveLength(2))
    fake.calls[1]?.fail(new DOMException('could not be cloned', 'DataCloneError'))
    await expect(second).rejects.toMatchObject({ code: 'invalid-value', store: 'rename' })
  })

  test('pitfall 49: abort before, during, and a timeout', async () => {
    const { client, fake } = openPage()
    await expect(client.call(Rename, args, { signal: AbortSignal.abort('why') })).rejects.toMatchObject({
      code: 'aborted',
      cause: 'why',
    })
    expect(fake.calls).toHaveLength(0)
    const abort = new AbortController()
    const call = client.call(Rename, args, { signal: abort.signal })
    await eventually(() => expect(fake.calls).toHaveLength(1))
    abort.abort()
    await expect(call).rejects.toMatchObject({ code: 'aborted', store: 'rename' })
    expect(fake.log).toContain('cancel(1)')
    const slow = client.call(Rename, args, { timeoutMs: 5 })
    await expect(slow).rejects.toMatchObject({ code: 'timeout', store: 'rename' })
    expect(fake.log).toContain('cancel(2)')
  })

  test('an abort after the answer does nothing, and no listener stays on the signal', async () => {
    const { client, fake } = openPage()
    const abort = new AbortController()
    const removed = vi.spyOn(abort.signal, 'removeEventListener')
    const call = client.call(Rename, args, { signal: abort.signal })
    await eventually(() => expect(fake.calls).toHaveLength(1))
    fake.calls[0]?.answer({ ok: true, bytes: response(7, null) })
    await expect(call).resolves.toBe(7)
    expect(removed).toHaveBeenCalledTimes(1)
    abort.abort()
    expect(fake.log).not.toContain('cancel(1)')
  })

  test('calls made before the engine runs are sent when it does; without it they time out and say why', async () => {
    const { client, fake } = openPage({ autoConnect: false })
    const early = client.call(Rename, args)
    const late = client.call(Rename, args, { timeoutMs: 5 })
    await expect(late).rejects.toMatchObject({ code: 'timeout', hint: expect.stringContaining('connect()') as string })
    client.connect()
    await eventually(() => expect(fake.calls).toHaveLength(1))
    fake.calls[0]?.answer({ ok: true, bytes: response(1, null) })
    await expect(early).resolves.toBe(1)
  })

  test('calls that wait for an engine are bounded', async () => {
    const { client } = openPage({ autoConnect: false })
    const calls = Array.from({ length: 4097 }, () => client.call(Rename, args).catch((e: unknown) => e))
    expect(await calls[4096]).toMatchObject({ code: 'limit' })
    await client.dispose()
    expect(await calls[0]).toMatchObject({ code: 'disposed' })
  })

  test('dispose settles what is pending, and what comes later', async () => {
    const { client, fake } = openPage()
    const call = client.call(Rename, args)
    const send = client.send(Blow, { loud: 1 })
    await eventually(() => expect(fake.calls).toHaveLength(1))
    await send
    await client.dispose()
    await expect(call).rejects.toMatchObject({ code: 'disposed' })
    await expect(client.call(Rename, args)).rejects.toMatchObject({ code: 'disposed' })
    await expect(client.send(Blow, { loud: 1 })).rejects.toMatchObject({ code: 'disposed' })
  })

  test('an impossible timeout is a config error', async () => {
    const { client } = openPage()
    await expect(client.call(Rename, args, { timeoutMs: -1 })).rejects.toMatchObject({ code: 'config' })
  })

  test('a dead worker cannot keep a call pending', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { client, fake, errors } = openPage()
    const call = client.call(Rename, args, { timeoutMs: 1000 })
    const rejected = failureOf(call)
    await eventually(() => expect(fake.calls).toHaveLength(1))
    fake.dead = true
    await vi.advanceTimersByTimeAsync(1300)
    expect(await rejected).toMatchObject({ code: 'timeout' })
    const stuck = client.call(Rename, args)
    const lost = failureOf(stuck)
    await vi.advanceTimersByTimeAsync(6000)
    expect(await lost).toMatchObject({ code: 'worker' })
    expect(errors.map((e) => e.message).join()).toContain('has not answered')
  })
})

describe('send', () => {
  test('resolves when it is on its way', async () => {
    const { client, fake } = openPage()
    await client.send(Blow, { loud: 3 })
    expect(fake.sent).toEqual([{ name: 'blow', args: { loud: 3 } }])
  })

  test('rejects with the typed error of the engine', async () => {
    const { client } = openPage(
      {},
      Object.assign(createFakeEngine(), { sendAnswer: { code: 'limit', what: 'too many' } }),
    )
    await expect(client.send(Blow, { loud: 3 })).rejects.toMatchObject({ code: 'limit' })
  })
})
