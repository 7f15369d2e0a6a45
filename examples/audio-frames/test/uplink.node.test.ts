import { expect, test } from 'vitest'
import { createFakeClient } from '../../../packages/react/test/support/fake-client.ts'
import { PushAudio, StudioStore } from '../src/studio/schema.ts'
import { createUplink } from '../src/studio/uplink.ts'

const pcm = new Uint8Array(640)
const at = (state: 'connected' | 'disconnected') => ({ state, attempt: 0, since: 1, clockOffset: null })

function sender(done: number | null) {
  return { name: 'Me', level: 0, frames: 0, lost: 0, gaps: 0, late: 0, duplicates: 0, done }
}

test('numbers frames, and sends on as the host is done with them', () => {
  const fake = createFakeClient({ senders: new Map([['me', sender(null)]]) }, StudioStore)
  const uplink = createUplink(fake.client, 'me')
  const close = uplink.open()
  for (let i = 0; i < 5; i++) uplink.push(pcm)
  expect(fake.sent).toEqual([])
  fake.setConnection(at('connected'))
  expect(fake.sent.map(({ def, args }) => [def, (args as { seq: number }).seq])).toEqual(
    [0, 1, 2, 3, 4].map((seq) => [PushAudio, seq]),
  )
  for (let i = 0; i < 200; i++) uplink.push(pcm)
  expect(uplink.tally).toMatchObject({ sent: 64, inFlight: 64, waiting: 50, dropped: 91 })
  fake.store.put(['senders', 'me', 'done'], 59)
  expect(uplink.tally).toMatchObject({ sent: 114, inFlight: 54, waiting: 0 })
  expect(fake.sent.at(-1)?.args).toMatchObject({ seq: 204 })
  close()
  expect(fake.store.followed()).toEqual([])
})

test('follows nobody but itself', () => {
  const fake = createFakeClient({ senders: new Map() }, StudioStore)
  const uplink = createUplink(fake.client, 'me')
  uplink.open()
  fake.setConnection(at('connected'))
  for (let i = 0; i < 64; i++) uplink.push(pcm)
  fake.store.put(['senders', 'you'], sender(1000))
  expect(uplink.tally.inFlight).toBe(64)
  expect(fake.store.followed()).toEqual(['senders.me.done'])
})

test('a connection that ends empties the window; closed and opened again it goes on', () => {
  const fake = createFakeClient({ senders: new Map() }, StudioStore)
  const uplink = createUplink(fake.client, 'me')
  // As StrictMode does it.
  uplink.open()()
  uplink.open()
  fake.setConnection(at('connected'))
  for (let i = 0; i < 3; i++) uplink.push(pcm)
  expect(uplink.tally).toMatchObject({ sent: 3, inFlight: 3 })
  fake.setConnection(at('disconnected'))
  uplink.push(pcm)
  expect(uplink.tally).toMatchObject({ sent: 3, inFlight: 0, waiting: 1 })
  fake.setConnection(at('connected'))
  expect(uplink.tally).toMatchObject({ sent: 4, inFlight: 1, waiting: 0 })
})
