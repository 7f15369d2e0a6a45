import type { StreamUnit } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { createStreamHandlers, type StreamHandler, type WorkerStream } from '../../../src/engine/streams/handlers.ts'
import { block, frame, idsChecked, streamRig, type StreamRig, VIDEO } from '../../support/stream-rig.ts'

async function live(
  handler?: StreamHandler,
  options: Parameters<StreamRig['open']>[1] = {},
): Promise<{ rig: StreamRig; page: ReturnType<StreamRig['open']> }> {
  const handlers = createStreamHandlers()
  if (handler !== undefined) handlers.handle(VIDEO, handler)
  const rig = streamRig(handlers)
  rig.connect()
  const page = rig.open('k', options)
  await rig.endpoint('stream-1', 'a')
  rig.last.accept()
  return { rig, page }
}

describe('a handler in the worker', () => {
  test('gets the units instead of the page, and talks with the page', async () => {
    const units: StreamUnit[] = []
    const heard: unknown[] = []
    let mine: WorkerStream | undefined
    let closed = 0
    const { rig, page } = await live((stream) => {
      mine = stream
      return { onUnit: (unit) => void units.push(unit), onMessage: (m) => heard.push(m), onClose: () => closed++ }
    })
    expect([mine?.def, mine?.key]).toEqual([VIDEO, 'k'])
    rig.last.send(frame(1))
    page.say({ type: 'post', message: { canvas: 1 } })
    const buffer = new ArrayBuffer(8)
    mine?.post({ buffer }, [buffer])
    expect([units.length, page.units.length, heard, buffer.byteLength]).toEqual([1, 0, [{ canvas: 1 }], 0])
    expect(page.messages).toEqual([{ buffer: new ArrayBuffer(8) }])
    page.say({ type: 'close' })
    mine?.post('late')
    expect([closed, page.messages.length]).toEqual([1, 1])
  })

  test('a stream without one goes to the page', async () => {
    const { rig } = await live(() => ({ onUnit: () => expect.unreachable() }))
    const other = rig.open('k', { name: 'Audio' })
    await rig.endpoint('stream-2', 'b')
    rig.last.accept()
    rig.last.send(frame(1))
    expect(other.numbers()).toEqual([1])
    other.say({ type: 'post', message: 'is anybody there?' })
    expect(rig.errors).toMatchObject([{ code: 'config', store: 'Cam', path: ['Audio'] }])
  })

  test('one that takes its time is not overrun, and may transfer the payload', async () => {
    const done: (() => void)[] = []
    const taken: bigint[] = []
    const { rig } = await live(
      (): ReturnType<StreamHandler> => ({
        onUnit(unit) {
          taken.push(unit.sequence)
          structuredClone(0, { transfer: [unit.payload.buffer as ArrayBuffer] })
          return new Promise((resolve) => done.push(resolve))
        },
      }),
      { config: { maxUnits: 4 } },
    )
    for (let n = 1; n <= 60; n++) rig.last.send(frame(n, { recovery: n === 60 }))
    expect(taken.length).toBe(32)
    for (const resolve of done) resolve()
    await idsChecked()
    expect(taken.slice(32)).toEqual([60n])
  })

  test('its errors are reported with their place and stop nothing', async () => {
    let units = 0
    const { rig, page } = await live(() => ({
      async onUnit() {
        if (++units === 1) throw new Error('first')
      },
      onMessage() {
        throw new Error('second')
      },
      onClose() {
        throw new Error('third')
      },
    }))
    rig.last.send(frame(1))
    rig.last.send(frame(2))
    await idsChecked()
    page.say({ type: 'post', message: 1 })
    page.say({ type: 'close' })
    expect(units).toBe(2)
    expect(rig.errors).toMatchObject(
      ['first', 'second', 'third'].map((what) => ({ code: 'handler', what, store: 'Cam', path: ['Video', 'k'] })),
    )
  })

  test('one that cannot begin is reported; its units are dropped, not sent to a page that does not expect them', async () => {
    const { rig, page } = await live(() => {
      throw new Error('no decoder')
    })
    for (let n = 1; n <= 100; n++) rig.last.send(frame(n))
    page.say({ type: 'post', message: 1 })
    expect([page.units.length, page.state]).toEqual([0, 'live'])
    expect(rig.errors).toMatchObject([{ code: 'handler', what: 'no decoder' }])
  })

  test('a stream has one', () => {
    const handlers = createStreamHandlers()
    const handler: StreamHandler = () => ({ onUnit: () => undefined })
    handlers.handle(VIDEO, handler)
    expect(() => handlers.handle({ ...VIDEO }, handler)).toThrow(/handler already/)
    handlers.handle({ ...VIDEO, name: 'Audio' }, handler)
    expect(handlers.find({ ...VIDEO })).toBe(handler)
    expect(handlers.find({ ...VIDEO, name: 'Other' })).toBeUndefined()
  })
})

describe('a page that stalls', () => {
  test('costs bounded memory, and starts anew with a recovery frame', async () => {
    const { rig, page } = await live(undefined, { stalled: true, config: { maxUnits: 8 } })
    for (let n = 1; n <= 500; n++) rig.last.send(frame(n))
    expect(page.units).toHaveLength(32)
    page.say({ type: 'taken', units: 32, bytes: 320 })
    rig.last.send(frame(501, { recovery: true }))
    expect(page.numbers()).toEqual([...Array.from({ length: 40 }, (_, i) => i + 1), 501])
    expect([page.lost.at(-1), page.units.at(-1)?.discontinuity, page.state]).toEqual([460, true, 'live'])
  })

  test('loses no block in silence: the stream stops, says so, and starts anew when the page has caught up', async () => {
    const { rig, page } = await live(undefined, { stalled: true, config: { maxUnits: 8 } })
    for (let n = 1; n <= 41; n++) rig.last.send(block(n))
    expect([page.state, page.error?.code, rig.last.closed]).toEqual(['reconnecting', 'limit', true])
    expect(rig.errors).toMatchObject([
      { code: 'limit', what: 'blocks were lost', hint: expect.stringContaining('caught up') as string },
    ])
    rig.clock.advance(60_000)
    await idsChecked()
    expect(rig.sockets).toHaveLength(1)
    page.say({ type: 'taken', units: 32, bytes: 320 })
    rig.clock.advance(200)
    await idsChecked()
    expect(rig.sockets).toHaveLength(2)
    rig.last.accept()
    rig.last.send(block(1, { generation: 2n }))
    expect(page.units.at(-1)).toMatchObject({ generation: 2n, discontinuity: true })
    expect([page.lost.at(-1), page.state]).toEqual([9, 'live'])
  })

  test('the same stream on a newer port: the older one is closed', async () => {
    const { rig, page } = await live()
    const again = rig.open('k')
    expect([page.state, page.closed, rig.asked]).toEqual([
      'closed',
      true,
      ['+stream-1 k', '-stream-1 k', '+stream-2 k'],
    ])
    page.say({ type: 'close' })
    await rig.endpoint('stream-2', 'b')
    rig.last.accept()
    expect(again.state).toBe('live')
  })
})
