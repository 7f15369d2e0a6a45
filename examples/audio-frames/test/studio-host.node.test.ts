import { setTimeout as sleep } from 'node:timers/promises'
import { decodeValue, encodeValue, isRivuletError } from '@rivulet/wire'
import { io, type Socket } from 'socket.io-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { FRAME_BYTES, FRAME_SAMPLES, toPcm } from '../../shared/audio/pcm.ts'
import { startStudioHost, type StudioHost, type StudioHostOptions } from '../host/start-studio-host.ts'
import { PushAudio, Rename, type Sender } from '../src/studio/schema.ts'

const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close()
})

interface Studio extends StudioHost {
  readonly log: string[]
}

function start(options: Partial<StudioHostOptions> = {}): Studio {
  const log: string[] = []
  const logger = {
    warn: (text: string) => void log.push(text),
    error: (text: string, detail?: unknown) =>
      void log.push(`${text}: ${detail instanceof Error ? detail.message : String(detail)}`),
  }
  const studio = Object.assign(startStudioHost({ port: 0, publishMs: 5, logger, ...options }), { log })
  open.push(studio)
  return studio
}

async function join(studio: StudioHost, sender: string, name?: string): Promise<Socket> {
  const socket = io(`http://localhost:${await studio.host.listening}`, {
    path: '/socket',
    reconnection: false,
    forceNew: true,
    transports: ['websocket'],
    auth: { sender, ...(name === undefined ? {} : { name }) },
  })
  open.push(socket)
  return socket
}

const LOUD = toPcm(Float32Array.from({ length: FRAME_SAMPLES }, (_, i) => (i % 2 === 0 ? 1 : -1)))

function send(socket: Socket, seq: number, pcm: Uint8Array = LOUD): void {
  const request = encodeValue(PushAudio.types, { kind: 'struct', ref: PushAudio.request }, { seq, pcm })
  socket.emit('ffrpc', { methodName: PushAudio.name, request })
}

async function rename(socket: Socket, name: string): Promise<string | null> {
  const request = encodeValue(Rename.types, { kind: 'struct', ref: Rename.request }, { name })
  const answer = new Promise<{ response: unknown }>((resolve) => socket.once('rpccallresp', resolve))
  socket.emit('rpccall', { callID: 1, methodName: Rename.name, request })
  const value = decodeValue(Rename.types, { kind: 'struct', ref: Rename.response }, (await answer).response)
  return (value as { error: string | null }).error
}

const sender = (studio: StudioHost, id: string): Sender | undefined => studio.studio.state.senders?.get(id)
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 5 })

describe('the studio', () => {
  test('feature 185: counts what arrives in order, per sender', async () => {
    const studio = start()
    const [ann, ben] = [await join(studio, 'ann', 'Ann'), await join(studio, 'ben', 'Ben')]
    for (let seq = 0; seq < 20; seq++) send(ann, seq)
    for (const seq of [100, 101, 104, 102, 102]) send(ben, seq)
    await eventually(() => {
      expect(sender(studio, 'ann')).toMatchObject({ name: 'Ann', frames: 20, lost: 0, gaps: 0, done: 19 })
      expect(sender(studio, 'ben')).toMatchObject({ name: 'Ben', frames: 4, lost: 1, gaps: 1, late: 1, duplicates: 1 })
    })
    expect(studio.log).toEqual([])
  })

  test('meters the newest frame, and falls silent without one', async () => {
    const studio = start()
    const ann = await join(studio, 'ann')
    send(ann, 0)
    await eventually(() => expect(sender(studio, 'ann')?.level).toBeGreaterThan(0.9))
    await eventually(() => expect(sender(studio, 'ann')?.level).toBe(0))
  })

  test('a sender leaves with its connection', async () => {
    const studio = start()
    const ann = await join(studio, 'ann')
    send(ann, 0)
    await eventually(() => expect(sender(studio, 'ann')).toBeDefined())
    ann.disconnect()
    await eventually(() => expect(sender(studio, 'ann')).toBeUndefined())
  })

  test('a page that is back before its old connection is gone takes its place', async () => {
    const studio = start()
    const before = await join(studio, 'ann')
    send(before, 0)
    await eventually(() => expect(sender(studio, 'ann')?.frames).toBe(1))
    const after = await join(studio, 'ann')
    for (let seq = 50; seq < 53; seq++) send(after, seq)
    await eventually(() => expect(sender(studio, 'ann')).toMatchObject({ frames: 3, lost: 0, done: 52 }))
    before.disconnect()
    await eventually(() => expect(studio.host.viewers).toHaveLength(1))
    send(after, 53)
    await eventually(() => expect(sender(studio, 'ann')?.frames).toBe(4))
  })

  test('takes a new name, and says what is wrong with one', async () => {
    const studio = start()
    const ann = await join(studio, 'ann', 'Ann')
    expect(await rename(ann, '  Anna ')).toBeNull()
    await eventually(() => expect(sender(studio, 'ann')).toMatchObject({ name: 'Anna', frames: 0, done: null }))
    expect(await rename(ann, ' ')).toBe('a name has 1 to 40 characters')
    expect(await rename(ann, 'x'.repeat(41))).toBe('a name has 1 to 40 characters')
  })

  test.each([
    ['of another size', 3, new Uint8Array(FRAME_BYTES - 1), 'frame 3 has 639 bytes instead of 640'],
    ['with a negative number', -3, LOUD, 'frame -3 has a negative number'],
  ])('a frame %s is refused and logged; the connection stays', async (_, seq, pcm, reason) => {
    const studio = start()
    const ann = await join(studio, 'ann')
    send(ann, seq, pcm)
    await eventually(() => expect(studio.log[0]).toContain(reason))
    send(ann, 4)
    await eventually(() => expect(sender(studio, 'ann')?.frames).toBe(1))
    expect(ann.connected).toBe(true)
  })

  test('whatever a page says of itself, names stay short and senders one per connection', async () => {
    const studio = start()
    const odd = await join(studio, 'x'.repeat(10_000), 'y'.repeat(10_000))
    for (let seq = 0; seq < 3; seq++) send(odd, seq)
    await eventually(() => expect(studio.studio.state.senders?.size).toBe(1))
    const [[id, { name }]] = [...(studio.studio.state.senders ?? [])] as [[string, Sender]]
    expect([id.length, name.length]).toEqual([64, 40])
  })

  test('says so when the port is taken', async () => {
    const port = await start().host.listening
    await expect(start({ port }).host.listening).rejects.toSatisfy((e) => isRivuletError(e) && e.code === 'config')
  })
})

describe('bursts', () => {
  test('a host that is done at once takes any burst', async () => {
    const studio = start()
    const ann = await join(studio, 'ann')
    for (let seq = 0; seq < 2000; seq++) send(ann, seq)
    await eventually(() => expect(sender(studio, 'ann')).toMatchObject({ frames: 2000, lost: 0, done: 1999 }))
    expect(ann.connected).toBe(true)
  })

  test('feature 148: a host that takes its time hangs up on a page that does not hold back: why there is a pacer', async () => {
    const studio = start({ work: () => sleep(200) })
    const ann = await join(studio, 'ann')
    for (let seq = 0; seq < 200; seq++) send(ann, seq)
    await eventually(() => expect(studio.log).toHaveLength(1))
    expect(studio.log[0]).toContain('more than 128 calls at once')
    // The page connected before it could send so many.
    await eventually(() => expect([studio.host.viewers.length, ann.connected]).toEqual([0, false]))
  })

  test('is done only with what it has finished, in whatever order that ends', async () => {
    const ends = new Map<number, () => void>()
    const studio = start({ work: ({ seq }) => new Promise((resolve) => ends.set(seq, resolve)) })
    const ann = await join(studio, 'ann')
    for (let seq = 10; seq < 14; seq++) send(ann, seq)
    await eventually(() => expect(sender(studio, 'ann')).toMatchObject({ frames: 4, done: 9 }))
    ends.get(11)?.()
    ends.get(13)?.()
    ends.get(10)?.()
    await eventually(() => expect(sender(studio, 'ann')?.done).toBe(11))
    ends.get(12)?.()
    await eventually(() => expect(sender(studio, 'ann')?.done).toBe(13))
  })

  test('feature 149: work that fails is only logged, and finished too', async () => {
    const studio = start({ work: () => Promise.reject(new Error('no words in it')) })
    const ann = await join(studio, 'ann')
    send(ann, 0)
    await eventually(() => expect(sender(studio, 'ann')).toMatchObject({ frames: 1, done: 0 }))
    expect(studio.log[0]).toContain('no words in it')
  })
})
