import { encodeValue } from '@rivulet/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { structNode } from '../../src/page/struct-node.ts'
import type { FakeEngine } from '../support/fake-engine.ts'
import { Bell, Horn, types } from '../support/fleet.ts'
import { closePages, openPage } from '../support/page.ts'
import { eventually } from '../support/eventually.ts'

afterEach(async () => {
  await closePages()
  vi.unstubAllGlobals()
})

const nothing = (): void => undefined

function blow(fake: FakeEngine, listener: number, loud: number): void {
  const { buffer } = encodeValue(types, structNode(types, 'fleet.Horn'), { loud })
  fake.post({ type: 'event', listener, time: 99, bytes: buffer })
}

describe('on', () => {
  test('feature 54: hands over the packet and the time', async () => {
    const { client, fake } = openPage()
    const heard = vi.fn<(packet: { readonly loud: number }, info: { readonly time: number }) => void>()
    client.on(Horn, heard)
    await eventually(() => expect(fake.log).toContain('listen(1, horn)'))
    blow(fake, 1, 7)
    await eventually(() => expect(heard).toHaveBeenCalledWith({ loud: 7 }, { time: 99 }))
  })

  test('pitfall 35: a packet is decoded once, however many listen, with one subscription', async () => {
    const { client, fake } = openPage()
    const packets: unknown[] = []
    client.on(Horn, (p) => packets.push(p))
    client.on(Horn, (p) => packets.push(p))
    client.on(Horn, (p) => packets.push(p))
    await eventually(() => expect(fake.listening.size).toBe(1))
    blow(fake, 1, 7)
    await eventually(() => expect(packets).toHaveLength(3))
    expect(new Set(packets).size).toBe(1)
  })

  test('a page that only hears events, or errors, grants credit too: the engine holds events back after so many per credit', async () => {
    const { client, fake, errors } = openPage()
    client.on(Horn, nothing)
    await eventually(() => expect(fake.credits).toBe(1))
    blow(fake, 1, 1)
    await eventually(() => expect(fake.credits).toBe(2))
    blow(fake, 1, 2)
    await eventually(() => expect(fake.credits).toBe(3))
    fake.post({ type: 'error', error: { code: 'limit', what: 'some events were dropped' } })
    await eventually(() => expect(fake.credits).toBe(4))
    expect(errors).toHaveLength(1)
  })

  test('pitfall 56: a listener that throws stops nobody', async () => {
    const report = vi.fn<(e: unknown) => void>()
    vi.stubGlobal('reportError', report)
    const { client, fake } = openPage()
    const heard = vi.fn<() => void>()
    client.on(Horn, () => {
      throw new Error('mine')
    })
    client.on(Horn, heard)
    await eventually(() => expect(fake.listening.size).toBe(1))
    blow(fake, 1, 7)
    await eventually(() => expect(heard).toHaveBeenCalled())
    expect(report).toHaveBeenCalledTimes(1)
  })

  test('feature 54: the last one to leave ends the subscription, after the grace period; coming back keeps it', async () => {
    const { client, fake } = openPage({ graceMs: 10 })
    const stop = client.on(Horn, nothing)
    await eventually(() => expect(fake.listening.size).toBe(1))
    stop()
    stop()
    const again = client.on(Horn, nothing)
    again()
    await eventually(() => expect(fake.log).toContain('unlisten(1)'))
    expect(fake.log.filter((entry) => entry.startsWith('listen'))).toHaveLength(1)
    client.on(Horn, nothing)
    await eventually(() => expect(fake.log).toContain('listen(2, horn)'))
  })

  test('a listener that leaves during a delivery is not called any more', async () => {
    const { client, fake } = openPage()
    const second = vi.fn<() => void>()
    let stop = nothing
    const first = vi.fn<() => void>(() => stop())
    client.on(Horn, first)
    stop = client.on(Horn, second)
    await eventually(() => expect(fake.listening.size).toBe(1))
    blow(fake, 1, 1)
    await eventually(() => expect(first).toHaveBeenCalled())
    expect(second).not.toHaveBeenCalled()
  })

  test('keyed events have a subscription per key', async () => {
    const { client, fake } = openPage()
    const heard: string[] = []
    client.on(Bell, 'a', (p) => heard.push(`a${p.loud}`))
    client.on(Bell, 'b', (p) => heard.push(`b${p.loud}`))
    await eventually(() => expect([...fake.listening.values()].map((l) => l.key)).toEqual(['a', 'b']))
    blow(fake, 2, 5)
    await eventually(() => expect(heard).toEqual(['b5']))
  })

  test('feature 143: a missing key or listener is a config error', () => {
    const { client } = openPage()
    const on = (...args: unknown[]): unknown => (client as { on(...all: unknown[]): unknown }).on(...args)
    expect(() => on(Bell, '', nothing)).toThrow(expect.objectContaining({ code: 'config' }) as Error)
    expect(() => on(Bell, 5, nothing)).toThrow(expect.objectContaining({ code: 'config' }) as Error)
    expect(() => on(Horn)).toThrow(expect.objectContaining({ code: 'config' }) as Error)
    expect(() => on(Bell, 'a')).toThrow(expect.objectContaining({ code: 'config' }) as Error)
  })

  test('a packet that does not decode is reported, and the next one comes through', async () => {
    const { client, fake, errors } = openPage()
    const heard = vi.fn<() => void>()
    client.on(Horn, heard)
    await eventually(() => expect(fake.listening.size).toBe(1))
    fake.post({ type: 'event', listener: 1, time: 1, bytes: new ArrayBuffer(0) })
    blow(fake, 1, 1)
    await eventually(() => expect(heard).toHaveBeenCalledTimes(1))
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ code: 'truncated', store: 'horn' })
  })

  test('a page that takes events and nothing else keeps granting credits, or the engine would stop after one', async () => {
    const { client, fake } = openPage()
    const heard = vi.fn<() => void>()
    client.on(Horn, heard)
    await eventually(() => expect(fake.listening.size).toBe(1))
    for (let credits = 1; credits < 4; credits++) {
      await eventually(() => expect(fake.credits).toBe(credits))
      blow(fake, 1, 1)
    }
    await eventually(() => expect(heard).toHaveBeenCalledTimes(3))
  })

  test('a listener that is added during a delivery hears the next one; one that removes itself heard this one', async () => {
    const { client, fake } = openPage()
    const heard: string[] = []
    const stop = client.on(Horn, ({ loud }) => {
      heard.push(`first ${loud}`)
      stop()
      client.on(Horn, (packet) => heard.push(`second ${packet.loud}`))
    })
    await eventually(() => expect(fake.listening.size).toBe(1))
    blow(fake, 1, 1)
    blow(fake, 1, 2)
    await eventually(() => expect(heard).toEqual(['first 1', 'second 2']))
    expect(fake.log.filter((entry) => entry.startsWith('listen'))).toHaveLength(1)
  })

  test.each([['__proto__'], ['a"b\\c'], ['\u0000'], ['\u2028'], ['é'], ['e\u0301'], ['👩‍👩‍👧'], ['%&'], [' ']])(
    'the key %j is its own',
    async (key) => {
      const { client, fake } = openPage()
      const heard: string[] = []
      client.on(Bell, 'other', () => heard.push('other'))
      client.on(Bell, key, () => heard.push(key))
      await eventually(() => expect(fake.listening.get(2)?.key).toBe(key))
      blow(fake, 2, 1)
      await eventually(() => expect(heard).toEqual([key]))
    },
  )

  test('feature 55: events nobody listens to are ignored', async () => {
    const { client, fake, errors } = openPage()
    const heard = vi.fn<() => void>()
    client.on(Horn, heard)
    await eventually(() => expect(fake.listening.size).toBe(1))
    blow(fake, 77, 1)
    blow(fake, 1, 1)
    await eventually(() => expect(heard).toHaveBeenCalledTimes(1))
    expect(errors).toEqual([])
  })
})
