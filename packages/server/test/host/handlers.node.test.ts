import { encodeValue, isRivuletError } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import type { CallContext } from '../../src/index.ts'
import { Echo, notesHost, Shout } from '../support/notes-host.ts'
import { sessionHost } from '../support/session-page.ts'
import { until } from '../support/until.ts'

const request = (text: string): Uint8Array => encodeValue(Echo.types, { kind: 'struct', ref: Echo.request }, { text })
const MB = 1024 * 1024

describe('a handler that misbehaves is an error to its caller and to nobody else', () => {
  const never = (): never => expect.unreachable()
  const wrongMessage = Object.assign(new Error('x'), { message: { secret: 1 } })
  // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
  const brokenThenable = Object.defineProperty({}, 'then', { get: () => never() })

  test.each<[string, () => unknown, object]>([
    ['throws null', () => Promise.reject(null), { result: '', error: 'the handler failed' }],
    ['throws a number', () => Promise.reject(5), { result: '', error: 'the handler failed' }],
    ['throws an error whose message is no text', () => Promise.reject(wrongMessage), { error: 'the handler failed' }],
    ['throws half a character', () => Promise.reject('\ud800'), { error: '\ufffd' }],
    ['returns nothing', () => undefined, { refused: { message: expect.stringContaining('Echo'), data: {} } }],
    ['resolves with nothing', async () => undefined, { refused: { message: expect.stringContaining('Echo') } }],
    ['returns a function', () => () => 'x', { refused: { message: expect.stringContaining('Echo') } }],
    ['returns something whose `then` throws', () => brokenThenable, { error: expect.any(String) }],
    ['throws at once', never, { error: expect.any(String) }],
  ])('%s', async (_, handler, answer) => {
    const app = await notesHost()
    app.host.rpc(Echo, handler as () => string)
    const page = await app.page()
    expect(await page.call('x')).toMatchObject(answer)
    expect((await page.call('on', 'Fence')).result).toBe('on')
    expect(app.host.health().callsInFlight).toBe(0)
  })

  test('one that throws while its arguments are looked at', async () => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => text, {
      validate() {
        throw 'just so'
      },
    })
    expect((await (await app.page()).call('x')).refused).toEqual({ message: 'just so', data: {} })
  })

  test('an answer of 20 MB arrives', async () => {
    const app = await notesHost()
    app.host.rpc(Echo, () => 'x'.repeat(20 * MB))
    const { result } = await (await app.page()).call('x')
    expect(result?.length).toBe(20 * MB)
  })
})

describe('a handler that never settles', () => {
  test('is given up after its time: the caller is told, its signal is aborted, and it does not count any more', async () => {
    const app = await notesHost({ handlerTimeoutMs: 30, limits: { rpcsInFlight: 2 } })
    const signals: AbortSignal[] = []
    const late: (() => void)[] = []
    app.host.rpc(Echo, ({ text }, { signal }) => {
      signals.push(signal)
      return new Promise((resolve) => late.push(() => resolve(text)))
    })
    const page = await app.page()
    for (let i = 0; i < 5; i++) {
      const answers = await Promise.all([page.call('a'), page.call('b')])
      for (const { refused } of answers)
        expect(refused).toEqual({ message: 'Echo did not answer within 30 ms', data: {} })
    }
    expect(signals).toHaveLength(10)
    for (const { aborted, reason } of signals) {
      expect(aborted).toBe(true)
      expect(reason).toMatchObject({ name: 'TimeoutError' })
    }
    // Too late: the caller has had its answer.
    const before = page.received.length
    for (const finish of late) finish()
    await page.fence()
    expect(page.received).toHaveLength(before + 1)
    expect(app.host.health().callsInFlight).toBe(0)
  })

  test('without response is reported', async () => {
    const app = await notesHost({ limits: { sendsInFlight: 1 } })
    app.host.onSend(Shout, () => new Promise(() => undefined), { timeoutMs: 20 })
    const page = await app.page()
    for (let i = 1; i <= 3; i++) {
      page.socket.emit('ffrpc', { methodName: 'Shout', request: request('x') })
      await until(() => app.errors.length === i, 'the report')
    }
    expect(app.errors.every((error) => isRivuletError(error) && error.code === 'timeout')).toBe(true)
  })

  test('may take as long as it likes when nothing is said, or 0', async () => {
    const app = await notesHost({ handlerTimeoutMs: 20 })
    let finish: (text: string) => void = () => undefined
    app.host.rpc(Echo, () => new Promise<string>((resolve) => (finish = resolve)), { timeoutMs: 0 })
    app.host.rpc({ ...Echo, name: 'Short' }, () => new Promise(() => undefined))
    const page = await app.page()
    const call = page.call('x')
    expect((await page.call('x', 'Short')).refused).toBeDefined()
    finish('after all')
    expect((await call).result).toBe('after all')
  })

  test.each([[-1], [Number.NaN], [2 ** 31]])('%s ms is not a time', async (ms) => {
    const app = await notesHost()
    expect(() => app.host.rpc(Echo, () => '', { timeoutMs: ms })).toThrow(/cannot be given/)
    await expect(notesHost({ handlerTimeoutMs: ms })).rejects.toThrow(/cannot be given/)
  })
})

describe('what a handler knows of its caller', () => {
  test('level, viewer, and what the annotations of the host say', async () => {
    const contexts: CallContext[] = []
    const app = await notesHost({
      annotations: ({ auth }, method) => ({ tenant: String(auth['tenant']), method }),
    })
    app.host.rpc(Echo, ({ text }, context) => {
      contexts.push(context)
      return text
    })
    app.host.onSend(Shout, (_, context) => void contexts.push(context))
    const page = await app.page({ auth: { level: 3, tenant: 't' } })
    await page.call('x')
    page.socket.emit('ffrpc', { methodName: 'Shout', request: request('x') })
    await until(() => contexts.length === 2, 'both calls')
    expect(contexts[0]).toMatchObject({ level: 3, annotations: { tenant: 't', method: 'Echo' } })
    expect(contexts[1]).toMatchObject({ level: 3, annotations: { tenant: 't', method: 'Shout' } })
    expect(contexts[0]?.viewer).toBe(app.host.viewers[0])
  })

  test('no annotations is an empty object; annotations that fail refuse the call', async () => {
    const quiet = await notesHost()
    quiet.host.rpc(Echo, (_, { annotations }) => JSON.stringify(annotations))
    expect((await (await quiet.page()).call('x')).result).toBe('{}')
    const app = await notesHost({
      annotations() {
        throw new Error('secret')
      },
    })
    const page = await app.page()
    expect((await page.call('x', 'Fence')).refused).toEqual({
      message: 'the host could not prepare the call',
      data: {},
    })
    expect(app.errors).toHaveLength(1)
    expect(page.ended()).toBeUndefined()
  })

  test.each([[0], [60_000]])(
    'the signal fires when the caller disconnects, not before (handlers have %i ms)',
    async (ms) => {
      const app = await notesHost({ handlerTimeoutMs: ms })
      const signals: AbortSignal[] = []
      const finish: (() => void)[] = []
      app.host.rpc(Echo, ({ text }, { signal }) => {
        signals.push(signal)
        return new Promise((resolve) => finish.push(() => resolve(text)))
      })
      const page = await app.page()
      const done = page.call('done')
      await until(() => finish.length === 1, 'the first call')
      const lost = page.call('lost').catch(String)
      await until(() => finish.length === 2, 'the second call')
      finish[0]?.()
      await done
      expect(signals.map(({ aborted }) => aborted)).toEqual([false, false])
      page.socket.disconnect()
      // Also the one whose call is answered: it may have begun something for its caller.
      await until(() => signals.every(({ aborted }) => aborted), 'the handlers to be told')
      expect(await lost).toContain('disconnected')
    },
  )

  test('a signal that is asked for when the caller has gone already is aborted', async () => {
    const app = await notesHost()
    let context: CallContext | undefined
    app.host.rpc(Echo, (_, given) => {
      context = given
      return new Promise(() => undefined)
    })
    const page = await app.page()
    void page.call('x').catch(() => undefined)
    await until(() => context !== undefined, 'the call')
    page.socket.disconnect()
    await until(() => app.host.viewers.length === 0, 'the viewer to go')
    expect(context?.signal.aborted).toBe(true)
  })

  test('with sessions the signal outlives the connection, and fires when the session ends', async () => {
    const app = await sessionHost({ detachedMs: 100_000 })
    let signal: AbortSignal | undefined
    app.host.rpc(Echo, (_, context) => {
      ;({ signal } = context)
      return new Promise(() => undefined)
    })
    const page = await app.page()
    await page.attach()
    page.socket.emit('rpccall', { callID: 1, methodName: 'Echo', request: request('x') })
    await until(() => signal !== undefined, 'the call')
    page.drop()
    await until(() => app.host.health().detachedSessions === 1, 'the session to be detached')
    expect(signal?.aborted).toBe(false)
    app.host.closeSessions()
    expect(signal?.aborted).toBe(true)
  })
})

describe('a method that nobody handles', () => {
  test('is an error to the caller and a report for a call without response, when the host wants that', async () => {
    const app = await notesHost({ unknownMethod: 'error' })
    const page = await app.page()
    page.socket.emit('ffrpc', { methodName: 'Nothing', request: request('x') })
    expect((await page.call('x', 'Nothing')).refused).toEqual({
      message: 'no handler for the method Nothing',
      data: {},
    })
    expect(app.errors).toHaveLength(1)
    expect(isRivuletError(app.errors[0]) && app.errors[0].code).toBe('unknown-method')
    expect(page.ended()).toBeUndefined()
  })

  test('a call with response is not found among those without, nor the other way round', async () => {
    const app = await notesHost({ unknownMethod: 'error' })
    app.host.rpc(Echo, ({ text }) => text)
    app.host.onSend(Shout, () => undefined)
    const page = await app.page()
    expect((await page.call('x', 'Shout')).refused).toBeDefined()
    page.socket.emit('ffrpc', { methodName: 'Echo', request: request('x') })
    await until(() => app.errors.length === 1, 'the report')
  })
})
