import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/create-engine.ts'
import type { StreamEngineMessage } from '../../../src/stream-protocol.ts'
import { eventually } from '../../support/eventually.ts'
import { rig } from '../../support/rig.ts'
import { VIDEO } from '../../support/stream-rig.ts'

const BOUNDS = { maxUnits: 8, maxBytes: 1000, maxSilenceMs: 0 }

describe('the engine', () => {
  test('asks for streams after everything else, again on every connection, and not after the end', async () => {
    const r = await rig()
    const { port1, port2 } = new MessageChannel()
    const states: string[] = []
    port1.addEventListener('message', ({ data }: MessageEvent<StreamEngineMessage>) => {
      if (data.type === 'status') states.push(data.status.state)
    })
    port1.start()
    await r.engine.openStream(VIDEO, 'k', port2, BOUNDS)
    const socket = await r.open()
    const asked = { subscriptionID: 'stream-1', storeName: 'Cam', streamName: 'Video', action: 0, key: 'k' }
    expect(socket.sent('datastreamsub')).toEqual([asked])
    socket.receive('disconnect', 'transport close')
    r.clock.advance(1_000)
    await eventually(() => expect(r.net.sockets).toHaveLength(2))
    r.net.last.receive('connect')
    await eventually(() => expect(r.net.last.sent('datastreamsub')).toEqual([asked]))
    const last = r.net.last
    await r.engine.dispose()
    expect(last.sent('datastreamsub').at(-1)).toEqual({ ...asked, action: 1 })
    await eventually(() => expect(states).toEqual(['opening', 'closed']))
    expect(r.clock.pending).toBe(0)
    port1.close()
  })

  test('garbage for an answer is reported, and costs nothing else', async () => {
    const r = await rig()
    const socket = await r.open()
    for (const message of [null, 7, {}, { subscriptionID: 5, endpoint: {} }])
      socket.receive('datastreamendpoint', message)
    expect(r.errors).toHaveLength(4)
    expect(r.errors.every((e) => e.code === 'protocol' && e.hint?.includes('datastreamendpoint'))).toBe(true)
    expect(r.statuses.at(-1)?.state).toBe('connected')
  })

  test('one that does not run closes the port', async () => {
    const { port1, port2 } = new MessageChannel()
    const closed = new Promise((done) => port1.addEventListener('close', done))
    await createEngine().openStream(VIDEO, 'k', port2, BOUNDS)
    await expect(closed).resolves.toBeDefined()
  })
})
