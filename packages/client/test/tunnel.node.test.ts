import { expose, proxy, transfer, wrap } from 'comlink'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { createTunnel, type Tunnel } from '../src/tunnel.ts'
import { eventually } from './support/eventually.ts'

const open: Tunnel[] = []
let channels = 0

/** Both ends of a tunnel through a real BroadcastChannel. */
function tunnels(): [Tunnel, Tunnel] {
  const name = `tunnel ${channels++}`
  const ends: [Tunnel, Tunnel] = [
    createTunnel(new BroadcastChannel(name), 0),
    createTunnel(new BroadcastChannel(name), 1),
  ]
  open.push(...ends)
  return ends
}

afterEach(() => {
  for (const tunnel of open.splice(0)) tunnel.close()
})

/** What arrives at an end, in order. */
function heardAt(end: Tunnel | MessagePort): unknown[] {
  const heard: unknown[] = []
  end.addEventListener('message', (event: Event) => void heard.push((event as MessageEvent<unknown>).data))
  if (end instanceof MessagePort) end.start()
  return heard
}

const port = (message: unknown, name: string): MessagePort =>
  (message as Readonly<Record<string, MessagePort>>)[name] as MessagePort

describe('a tunnel', () => {
  test('carries messages both ways, in order', async () => {
    const [here, there] = tunnels()
    const [atHere, atThere] = [heardAt(here), heardAt(there)]
    for (let n = 0; n < 100; n++) here.postMessage(n)
    there.postMessage({ bytes: new Uint8Array([1, 2]) })
    await eventually(() => expect(atThere).toEqual(Array.from({ length: 100 }, (_, n) => n)))
    await eventually(() => expect(atHere).toEqual([{ bytes: new Uint8Array([1, 2]) }]))
  })

  test('takes ports along, also through ports, and also in both directions at once', async () => {
    const [here, there] = tunnels()
    const [atHere, atThere] = [heardAt(here), heardAt(there)]
    const a = new MessageChannel()
    const b = new MessageChannel()
    here.postMessage({ deep: [{ port: a.port2 }] }, [a.port2])
    there.postMessage({ port: b.port2 }, [b.port2])
    await eventually(() => expect([atHere.length, atThere.length]).toEqual([1, 1]))
    const farA = port((atThere[0] as { deep: unknown[] }).deep[0], 'port')
    const farB = port(atHere[0], 'port')
    const [heardA, heardB] = [heardAt(farA), heardAt(farB)]
    a.port1.postMessage('to a')
    b.port1.postMessage('to b')
    await eventually(() => expect([heardA, heardB]).toEqual([['to a'], ['to b']]))
    const c = new MessageChannel()
    farA.postMessage({ port: c.port2 }, [c.port2])
    const back = heardAt(a.port1)
    await eventually(() => expect(back).toHaveLength(1))
    const heardC = heardAt(port(back[0], 'port'))
    c.port1.postMessage(['all the way'])
    await eventually(() => expect(heardC).toEqual([['all the way']]))
    for (const { port1 } of [a, b, c]) port1.close()
  })

  test('carries comlink: calls, callbacks, and callbacks that are given callbacks', async () => {
    const [here, there] = tunnels()
    expose(
      {
        async login(hooks: { run(link: { say(word: string): Promise<string> }): Promise<string> }) {
          return `done: ${await hooks.run(proxy({ say: async (word) => word.toUpperCase() }))}`
        },
        async drain(source: MessagePort) {
          const words = heardAt(source)
          await eventually(() => expect(words).toHaveLength(2))
          return words
        },
        async fail() {
          throw new Error('as it should')
        },
      },
      there,
    )
    const far = wrap<{
      login(hooks: unknown): Promise<string>
      drain(source: MessagePort): Promise<unknown[]>
      fail(): Promise<void>
    }>(here)
    const hooks = proxy({ run: (link: { say(word: string): Promise<string> }) => link.say('hello') })
    await expect(far.login(hooks)).resolves.toBe('done: HELLO')
    const { port1, port2 } = new MessageChannel()
    const drained = far.drain(transfer(port2, [port2]))
    port1.postMessage('a')
    port1.postMessage('b')
    await expect(drained).resolves.toEqual(['a', 'b'])
    await expect(far.fail()).rejects.toThrow('as it should')
    port1.close()
  })

  test('a port that is closed at one end is closed at the other', async () => {
    const [here, there] = tunnels()
    const atThere = heardAt(there)
    const { port1, port2 } = new MessageChannel()
    here.postMessage({ port: port2 }, [port2])
    await eventually(() => expect(atThere).toHaveLength(1))
    let closed = false
    const far = port(atThere[0], 'port')
    far.addEventListener('close', () => (closed = true))
    far.start()
    port1.close()
    await eventually(() => expect(closed).toBe(true))
  })

  test('is silent once it is closed, and what cannot be copied fails where it is sent', async () => {
    const [here, there] = tunnels()
    const atThere = heardAt(there)
    expect(() => here.postMessage(() => undefined)).toThrow('could not be cloned')
    here.postMessage('before')
    await eventually(() => expect(atThere).toEqual(['before']))
    here.close()
    here.close()
    here.postMessage('after')
    const [other, end] = tunnels()
    const atEnd = heardAt(end)
    other.postMessage('later')
    await eventually(() => expect(atEnd).toEqual(['later']))
    expect(atThere).toEqual(['before'])
  })

  test('refuses ports without end', () => {
    const [here] = tunnels()
    const ports = Array.from({ length: 4097 }, () => new MessageChannel())
    expect(() =>
      here.postMessage(
        null,
        ports.map(({ port2 }) => port2),
      ),
    ).toThrow(expect.objectContaining({ code: 'limit' }))
    for (const { port1 } of ports) port1.close()
  })

  test('any plain data with any ports in it arrives as it was sent', async () => {
    const leaf = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.constant('port' as const))
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(
          fc.string({ maxLength: 3 }).filter((k) => k !== '__proto__'),
          tie('tree'),
          { maxKeys: 3, noNullPrototype: true },
        ),
      ),
    }))
    const [here, there] = tunnels()
    const atThere = heardAt(there)
    let sent = 0
    await fc.assert(
      fc.asyncProperty(tree, async (shape) => {
        const channelsHere: MessageChannel[] = []
        const fill = (part: unknown): unknown => {
          if (part === 'port') {
            const channel = new MessageChannel()
            channelsHere.push(channel)
            return channel.port2
          }
          if (Array.isArray(part)) return part.map(fill)
          if (typeof part !== 'object' || part === null) return part
          return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, fill(value)]))
        }
        const message = fill(shape)
        here.postMessage(
          message,
          channelsHere.map(({ port2 }) => port2),
        )
        sent++
        await eventually(() => expect(atThere).toHaveLength(sent))
        const empty = (part: unknown): unknown => {
          if (part instanceof MessagePort) return 'port'
          if (Array.isArray(part)) return part.map(empty)
          if (typeof part !== 'object' || part === null) return part
          return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, empty(value)]))
        }
        expect(empty(atThere.at(-1))).toEqual(shape)
        for (const { port1 } of channelsHere) port1.close()
      }),
      { numRuns: 50 },
    )
  })
})
