import { decodeState, encodeDelta } from '@rivulet/wire'
import { expect, test } from 'vitest'
import { Bell, FleetStore, Horn, makeFleet, Rename } from '../../../../client/test/support/fleet.ts'
import { createRecordedModel } from '../../../src/panel/views/time/recorded-model.ts'
import { recordingOf } from '../../../src/panel/views/time/recording-of.ts'
import { takeRecording } from '../../../src/recording.ts'
import { buildRing } from '../../support/ring-builder.ts'

const delta = { count: { set: 7 } }

function recorded() {
  const ring = buildRing(5)
  ring.full(FleetStore, makeFleet())
  ring.partial(FleetStore, delta)
  ring.entry({ type: 'page', page: 1, step: 'joined' })
  const other = { ...FleetStore, name: 'unheard' }
  const defs = { stores: [FleetStore, other], requests: [Rename], events: [Horn, Bell] }
  return takeRecording(ring.ring(), defs, { url: 'https://host.test', page: 'Fleet', taken: 5 })
}

test('views find in it what they find in a live model', async () => {
  const recording = recorded()
  const model = createRecordedModel(recording)
  expect(recordingOf(model)).toBe(recording)
  expect([...model.entries]).toEqual(recording.ring.entries)
  expect(model.entries.at(1)?.seq).toBe(6)
  expect([...model.stores.keys()]).toEqual(['fleet', 'unheard'])
  expect([...model.requests.keys()]).toEqual(['rename'])
  expect([...model.events.keys()]).toEqual(['horn', 'fleet.bell'])
  expect(await model.ring()).toBe(recording.ring)
  expect(await model.bytes([6, 7, 99])).toEqual([encodeDelta(FleetStore, delta), null, null])
  expect((await model.feedStores()).map(({ name, seq }) => [name, seq])).toEqual([
    ['fleet', 6],
    ['unheard', 0],
  ])
  const checkpoint = await model.state('fleet')
  expect(checkpoint).toMatchObject({ store: 'fleet', seq: 7 })
  expect(decodeState(FleetStore, checkpoint?.state)).toEqual(makeFleet({ count: 7 }))
  expect(await model.state('unheard')).toBeNull()
  expect(await model.subscribers('fleet')).toEqual([])
})

test('nothing in it can be changed', async () => {
  const model = createRecordedModel(recorded())
  const refused = { code: 'config', hint: expect.stringContaining('client') }
  await expect(model.show('fleet', [])).rejects.toMatchObject(refused)
  await expect(model.call(Rename, new Uint8Array())).rejects.toMatchObject(refused)
  expect(() => model.keep(0)).toThrow(expect.objectContaining(refused))
  model.clear()
  expect(model.entries.size).toBe(3)
  expect(model.listen(Horn, undefined, () => undefined)()).toBeUndefined()
})
