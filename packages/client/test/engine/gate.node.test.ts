import type { SendDef } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import type { PlainError } from '../../src/protocol.ts'
import { Add, board, BoardStore, OtherStore, Poke, Sound, Tick, types } from '../support/board.ts'
import { rig, type Rig, settled } from '../support/rig.ts'

/** An engine whose app logs in on every connection; `login` ends the login that is going on. */
async function gated(): Promise<{ readonly r: Rig; readonly login: (error: PlainError | null) => Promise<void> }> {
  let done: (error: PlainError | null) => void = () => undefined
  const r = await rig({
    stores: [BoardStore, OtherStore],
    config: { hasAuthenticate: true },
    hooks: { authenticate: () => new Promise((resolve) => (done = resolve)) },
  })
  const login = async (error: PlainError | null): Promise<void> => {
    done(error)
    await settled()
  }
  return { r, login }
}

describe('the gate of a login', () => {
  test('feature 42: after each login all that is followed is asked for, once, and never before', async () => {
    const { r, login } = await gated()
    await r.watch(1, ['title'], 0)
    await r.watch(2, ['items', 'a'], 0)
    await r.watch(3, ['log'], 1)
    await r.watch(4, ['pilot'], 1)
    await r.engine.listen(1, Sound, 'k')
    await r.engine.listen(2, Sound, 'l')
    await r.engine.listen(3, Tick)
    await r.unwatch(4)
    r.clock.advance(1000)
    await r.engine.connect()
    for (let round = 0; round < 4; round++) {
      r.socket.receive('connect')
      await settled()
      expect(r.socket.emitted).toEqual([])
      await login(null)
      expect(r.socket.sent('storesub').map((m) => [m['storeName'], m['action'], m['key']])).toEqual([
        ['BoardStore', 0, 'Title'],
        ['BoardStore', 0, 'Items%&a'],
        ['OtherStore', 0, 'Log'],
      ])
      expect(r.socket.sent('keyedeventsub').map((m) => [m['action'], m['key']])).toEqual([
        [0, 'k'],
        [0, 'l'],
      ])
      expect(r.socket.emitted).toHaveLength(5)
      r.full(board(), BoardStore)
      r.full(board(), OtherStore)
      r.socket.receive('disconnect', 'transport close')
      r.clock.advance(10_000)
    }
  })

  test('feature 52: until then a call waits, and a send is refused', async () => {
    const { r, login } = await gated()
    const before = r.engine.call(1, Add, { x: 1, y: 2 }, 0)
    await r.open()
    const during = r.engine.call(2, Add, { x: 3, y: 4 }, 0)
    expect(await r.engine.send(Poke, { x: 1, y: 2 })).toMatchObject({ code: 'disconnected', store: 'BoardStore.Poke' })
    const impatient = r.engine.call(3, Add, { x: 5, y: 6 }, 100)
    r.clock.advance(100)
    expect(await impatient).toMatchObject({ ok: false, error: { code: 'timeout' } })
    expect(r.socket.emitted).toEqual([])
    await login(null)
    expect(r.socket.sent('rpccall').map((m) => m['callID'])).toEqual([1, 2])
    expect(await r.engine.send(Poke, { x: 1, y: 2 })).toBeNull()
    for (const callID of [1, 2]) {
      r.socket.receive('rpccallresp', { callID, response: new Uint8Array([2, 1]), error: null })
    }
    expect([await before, await during]).toMatchObject([{ ok: true }, { ok: true }])
  })

  test('feature 52: a login that fails lets nothing out', async () => {
    const { r, login } = await gated()
    await r.watch(1, ['title'])
    void r.engine.call(1, Add, { x: 1, y: 2 }, 0)
    await r.open()
    await login({ code: 'unauthenticated', what: 'wrong password' })
    expect(r.net.sockets.flatMap((socket) => socket.emitted)).toEqual([])
    expect(r.statuses.at(-1)).toMatchObject({ state: 'disconnected', error: { code: 'unauthenticated' } })
  })
})

test('feature 169: a send that no host would take is refused here', async () => {
  const r = await rig()
  await r.open()
  const Dump: SendDef<{ bytes: Uint8Array }> = { kind: 'send', name: 'Dump', request: 'test.Blob', types }
  // One flag and four bytes of length come on top.
  const most = 4 * 1024 * 1024 - 5
  expect(await r.engine.send(Dump, { bytes: new Uint8Array(most) })).toBeNull()
  expect(await r.engine.send(Dump, { bytes: new Uint8Array(most + 1) })).toMatchObject({ code: 'limit', store: 'Dump' })
  expect(r.socket.sent('ffrpc')).toHaveLength(1)
})
