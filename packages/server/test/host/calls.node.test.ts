import { encodeValue, type RpcDef, type Types } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { Echo, notesHost, NotesStore, Shout } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

const request = (text: string): Uint8Array => encodeValue(Echo.types, { kind: 'struct', ref: Echo.request }, { text })

describe('calls', () => {
  test('feature 48: a result, an application error, a dispatcher error: told apart on the wire', async () => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => {
      if (text === 'bad') throw new Error('no such thing')
      if (text === 'odd') throw 'a text'
      if (text === 'blank') throw new Error('')
      if (text === 'none') throw { secret: 1 }
      return `${text}!`
    })
    const page = await app.page()
    expect(await page.call('hi')).toEqual({ result: 'hi!', error: null })
    expect(await page.call('bad')).toEqual({ result: '', error: 'no such thing' })
    expect(await page.call('odd')).toEqual({ result: '', error: 'a text' })
    expect(await page.call('blank')).toEqual({ result: '', error: '' })
    expect(await page.call('none')).toEqual({ result: '', error: 'the handler failed' })
    page.socket.emit('rpccall', { callID: 900, methodName: 'Echo', request: new Uint8Array([9]) })
    await until(() => page.received.some((m) => m.body['callID'] === 900), 'the refusal')
    const refusal = page.received.find((m) => m.body['callID'] === 900)?.body
    expect(Object.keys(refusal ?? {})).toEqual(['callID', 'response', 'error'])
    expect(Buffer.from(refusal?.['response'] as Buffer).length).toBe(0)
    expect(refusal?.['error']).toEqual({ message: expect.stringContaining('byte'), data: {} })
  })

  test('feature 49: a call without a result answers with its error alone, or with none', async () => {
    const app = await notesHost()
    const types: Types = [
      {
        'notes.Text': { form: 'flat', fields: [{ name: 'text', type: { kind: 'string' } }] },
        'notes.Done': {
          form: 'flat',
          fields: [{ name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } }],
        },
      },
    ]
    const Note: RpcDef<{ text: string }, void> = {
      kind: 'rpc',
      name: 'Note',
      request: 'notes.Text',
      response: 'notes.Done',
      types,
    }
    app.host.rpc(Note, async ({ text }) => {
      if (text === 'bad') throw new Error('no such note')
    })
    const page = await app.page()
    for (const text of ['good', 'bad']) {
      page.socket.emit('rpccall', { callID: text.length, methodName: 'Note', request: request(text) })
    }
    const answers = await page.messages('rpccallresp', 2)
    const responseOf = (callID: number): string =>
      Buffer.from(answers.find((a) => a['callID'] === callID)?.['response'] as Buffer).toString('hex')
    expect(responseOf(4)).toBe('01')
    expect(responseOf(3)).toBe(`000c${Buffer.from('no such note').toString('hex')}`)
    expect(answers.map((a) => a['error'])).toEqual([null, null])
  })

  test('an asynchronous handler answers when it is done; answers may overtake each other', async () => {
    const app = await notesHost()
    const waiting = new Map<string, () => void>()
    app.host.rpc(Echo, async ({ text }) => {
      await new Promise<void>((resolve) => waiting.set(text, resolve))
      if (text === 'b') throw new Error('rejected')
      return text
    })
    const page = await app.page()
    const [a, b] = [page.call('a'), page.call('b')]
    await until(() => waiting.size === 2, 'both calls')
    waiting.get('b')?.()
    expect(await b).toEqual({ result: '', error: 'rejected' })
    waiting.get('a')?.()
    expect(await a).toEqual({ result: 'a', error: null })
  })

  test('feature 197: call ids may be anything whole; duplicates are both answered; trailing bytes are ignored', async () => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => text)
    const page = await app.page()
    for (const callID of [-5, 0, 2 ** 40, 7.9, 7]) {
      page.socket.emit('rpccall', {
        callID,
        methodName: 'Echo',
        request: Buffer.concat([request('x'), Buffer.alloc(40)]),
      })
    }
    const answers = await page.messages('rpccallresp', 5)
    expect(answers.map((a) => a['callID'])).toEqual([-5, 0, 2 ** 40, 7, 7])
  })

  test('any binary container is a request, at any offset', async () => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => text)
    const page = await app.page()
    const bytes = request('offset')
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    page.socket.emit('rpccall', { callID: 1, methodName: 'Echo', request: shifted.subarray(3) })
    page.socket.emit('rpccall', { callID: 2, methodName: 'Echo', request: bytes.buffer })
    for (const answer of await page.messages('rpccallresp', 2)) expect(answer['error']).toBeNull()
  })

  test('feature 189: an update caused by a call comes before its answer', async () => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => {
      app.notes.update((d) => void (d.title = text))
      return text
    })
    const page = await app.page()
    page.socket.emit('storesub', { storeName: 'NotesStore', action: 0 })
    await page.messages('storeupdate')
    await page.call('new title')
    expect(page.received.map((m) => m.event)).toEqual(['storeupdate', 'storeupdate', 'rpccallresp'])
  })

  test('feature 50: a level below the minimum is an error to the caller, and the handler does not run', async () => {
    const app = await notesHost()
    let ran = 0
    app.host.rpc(Echo, () => String(++ran), { access: 3 })
    const low = await app.page({ auth: { level: 2 } })
    expect((await low.call('x')).refused).toEqual({ message: expect.stringContaining('level 3'), data: {} })
    expect(ran).toBe(0)
    expect(await (await app.page({ auth: { level: 3 } })).call('x')).toEqual({ result: '1', error: null })
  })

  test('arguments can be looked at before the handler runs', async () => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => text, {
      validate({ text }, { level }) {
        if (text.length > 3) throw new Error(`too long for level ${level}`)
      },
    })
    const page = await app.page()
    expect((await page.call('long text')).refused).toEqual({ message: 'too long for level 0', data: {} })
    expect(await page.call('ok')).toEqual({ result: 'ok', error: null })
  })

  test('pitfall 74: a handler that returns nonsense or breaks is an error to its caller and to nobody else', async () => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => (text === 'odd' ? (7 as never) : text))
    const page = await app.page()
    expect((await page.call('odd')).refused).toMatchObject({ message: expect.stringContaining('Echo') })
    expect(app.errors).toHaveLength(1)
    expect(await page.call('fine')).toEqual({ result: 'fine', error: null })
  })

  test('pitfall 73: a request that announces a huge length is refused, and the host lives on', async () => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => text)
    const page = await app.page()
    page.socket.emit('rpccall', { callID: 500, methodName: 'Echo', request: Buffer.from('808000800000008001', 'hex') })
    expect((await page.messages('rpccallresp'))[0]?.['error']).toMatchObject({ data: {} })
    expect(await page.call('alive')).toEqual({ result: 'alive', error: null })
  })

  test.each<[string, unknown]>([
    ['an empty method', { callID: 1, methodName: '', request: Buffer.alloc(1) }],
    ['a blank method', { callID: 1, methodName: ' \t', request: Buffer.alloc(1) }],
    ['a method of 513 bytes', { callID: 1, methodName: 'm'.repeat(513), request: Buffer.alloc(1) }],
    ['no request', { callID: 1, methodName: 'Fence' }],
    ['a text as request', { callID: 1, methodName: 'Fence', request: 'AA==' }],
    ['a list as request', { callID: 1, methodName: 'Fence', request: [0] }],
    ['a call id that is a text', { callID: '1', methodName: 'Fence', request: Buffer.alloc(1) }],
    ['an unknown method', { callID: 1, methodName: 'Nothing', request: Buffer.alloc(1) }],
    ['null', null],
  ])('pitfall 75: feature 187: %s closes the connection and is logged, without an answer', async (_, message) => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('rpccall', message)
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(page.received).toEqual([])
    expect(app.warnings).toHaveLength(1)
  })

  test('an unknown method can be an error instead', async () => {
    const app = await notesHost({ unknownMethod: 'error' })
    const page = await app.page()
    expect((await page.call('x', 'Nothing')).refused).toMatchObject({ message: expect.stringContaining('Nothing') })
    expect(page.ended()).toBeUndefined()
  })

  test('too many calls at once close the connection; answered ones do not count', async () => {
    const app = await notesHost({ limits: { rpcsInFlight: 2 } })
    const waiting: (() => void)[] = []
    const signals: AbortSignal[] = []
    app.host.rpc(Echo, (_, { signal }) => {
      signals.push(signal)
      return new Promise((resolve) => waiting.push(() => resolve('done')))
    })
    const page = await app.page()
    for (let i = 0; i < 5; i++) {
      const answer = page.call('x')
      await until(() => waiting.length > 0, 'the call')
      waiting.pop()?.()
      await answer
    }
    for (let i = 0; i < 3; i++) page.socket.emit('rpccall', { callID: i, methodName: 'Echo', request: request('x') })
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain('more than 2 calls')
    await until(() => signals.slice(-2).every((signal) => signal.aborted), 'the handlers to be told')
    // Late answers go nowhere, and break nothing.
    for (const done of waiting) done()
    expect((await (await app.page()).call('y', 'Fence')).result).toBe('y')
  })

  test('pitfall 85: a request above 1 MB arrives; one above the limit closes the connection', async () => {
    const app = await notesHost({ limits: { rpcRequestBytes: 3_000_000 } })
    app.host.rpc(Echo, ({ text }) => String(text.length))
    const page = await app.page()
    expect((await page.call('x'.repeat(2_500_000))).result).toBe('2500000')
    page.socket.emit('rpccall', { callID: 1, methodName: 'Echo', request: request('x'.repeat(3_000_001)) })
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain('larger than 3000000 bytes')
  })

  test('a method can have one handler', async () => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => text)
    expect(() => app.host.rpc(Echo, ({ text }) => text)).toThrow(/Echo already has a handler/)
  })
})

describe('calls without response', () => {
  test('features 146 and 149: run, and never answer: failures go to onError', async () => {
    const app = await notesHost()
    const heard: string[] = []
    app.host.onSend(
      Shout,
      async ({ text }, { level }) => {
        heard.push(`${text} ${level}`)
        if (text === 'bad') throw new Error('shouted')
      },
      { access: 1 },
    )
    const page = await app.page({ auth: { level: 1 } })
    const low = await app.page({ auth: { level: 0 } })
    for (const text of ['a', 'bad']) page.socket.emit('ffrpc', { methodName: 'Shout', request: request(text) })
    page.socket.emit('ffrpc', { methodName: 'Shout', request: Buffer.from([9]) })
    low.socket.emit('ffrpc', { methodName: 'Shout', request: request('low') })
    await page.fence()
    await low.fence()
    await until(() => app.errors.length === 3, 'three errors')
    expect(heard).toEqual(['a 1', 'bad 1'])
    expect([...page.received, ...low.received].every((m) => m.event === 'rpccallresp')).toBe(true)
  })

  test('feature 187: an unknown one closes the connection', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('ffrpc', { methodName: 'Nothing', request: request('x') })
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain('Nothing')
  })

  test('too many at once close the connection', async () => {
    const app = await notesHost({ limits: { sendsInFlight: 1 } })
    app.host.onSend(Shout, () => new Promise(() => undefined))
    const page = await app.page()
    for (let i = 0; i < 2; i++) page.socket.emit('ffrpc', { methodName: 'Shout', request: request('x') })
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain('more than 1 calls')
  })
})

test('a store of the host is served under its own name only', async () => {
  const app = await notesHost()
  expect(() => app.host.onSubscription({ ...NotesStore, name: 'Other' }, () => undefined)).toThrow(
    /no store called "Other"/,
  )
})
