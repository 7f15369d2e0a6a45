import * as fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { eventually } from '../../../client/test/support/eventually.ts'
import type { Transport } from '../../src/protocol.ts'
import { jsonTransport, type TextLine } from '../../src/transport/json-transport.ts'
import { localTransports } from '../../src/transport/local-transport.ts'
import { portTransport } from '../../src/transport/port-transport.ts'
import { windowTransport } from '../../src/transport/window-transport.ts'

type Any = Transport<unknown, unknown>
interface Pair {
  readonly a: Any
  readonly b: Any
}

/** Two ends of a line of strings, each piece in a task of its own, as an extension's port. */
function textLines(): {
  readonly ends: readonly [TextLine, TextLine]
  readonly pieces: string[]
  readonly cut: () => void
} {
  const pieces: string[] = []
  const heard: ((text: string) => void)[] = []
  const closed: (() => void)[] = []
  const cut = (): void => {
    for (const listener of closed.splice(0)) setTimeout(listener)
  }
  const end = (at: 0 | 1): TextLine => ({
    post(text) {
      pieces.push(text)
      setTimeout(() => heard[1 - at]?.(text))
    },
    listen: (listener) => void (heard[at] = listener),
    closed: (listener) => void closed.push(listener),
    close: cut,
  })
  return { ends: [end(0), end(1)], pieces, cut }
}

/** A window as far as messages go: everybody in it hears everything. */
function fakeWindow(): Window {
  const on = new EventTarget() as EventTarget & { origin: string; postMessage: unknown }
  on.origin = 'http://localhost'
  on.postMessage = (data: unknown, target: string, transfer: Transferable[]): void => {
    if (target !== on.origin) throw new Error('it would go elsewhere')
    const copy: unknown = structuredClone(data, { transfer })
    setTimeout(() => on.dispatchEvent(Object.assign(new Event('message'), { data: copy, source: on })))
  }
  return on as unknown as Window
}

const kinds: Readonly<Record<string, () => Pair>> = {
  port() {
    const { port1, port2 } = new MessageChannel()
    return { a: portTransport(port1), b: portTransport(port2) }
  },
  local() {
    const [a, b] = localTransports<unknown, unknown>()
    return { a, b }
  },
  json() {
    const [one, two] = textLines().ends
    return { a: jsonTransport(one), b: jsonTransport(two) }
  },
  window() {
    const on = fakeWindow()
    return { a: windowTransport(on, 'agent', 'n1'), b: windowTransport(on, 'panel', 'n1') }
  },
}

const open: Any[] = []
afterEach(() => {
  for (const transport of open.splice(0)) transport.close()
})

function pair(kind: string): Pair {
  const made = kinds[kind]?.() as Pair
  open.push(made.a, made.b)
  return made
}

describe.each(Object.keys(kinds))('a %s transport', (kind) => {
  test('carries messages in order, both ways, also those from before anybody listened', async () => {
    const { a, b } = pair(kind)
    const heard: unknown[] = []
    a.send({ n: 1 })
    a.send({ n: 2 })
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve))
    b.listen((message) => heard.push(message))
    a.send({ bytes: new Uint8Array([1]), big: 5n, map: new Map([['k', undefined]]) })
    a.listen((message) => heard.push(message))
    b.send('back')
    await eventually(() => expect(heard).toHaveLength(4))
    expect(heard.filter((message) => message !== 'back')).toEqual([
      { n: 1 },
      { n: 2 },
      { bytes: new Uint8Array([1]), big: 5n, map: new Map([['k', undefined]]) },
    ])
  })

  test('says how far the other end is behind', async () => {
    const { a, b } = pair(kind)
    for (let i = 0; i < 5; i++) a.send(i)
    expect(a.pending?.()).toBe(5)
    b.listen(() => undefined)
    await eventually(() => expect(a.pending?.()).toBe(0))
    expect(b.pending?.()).toBe(0)
  })

  test('ends at both ends, which hear of it once, and is silent then', async () => {
    const { a, b } = pair(kind)
    const ends: string[] = []
    const heard: unknown[] = []
    a.closed(() => ends.push('a'))
    b.closed(() => ends.push('b'))
    b.listen((message) => heard.push(message))
    a.send('last')
    a.close()
    a.close()
    a.send('never')
    await eventually(() => expect(ends).toEqual(['b']))
    expect(heard).toEqual(['last'])
    b.send('nor this')
    b.close()
    b.closed(() => ends.push('late'))
    await eventually(() => expect(ends).toEqual(['b', 'late']))
  })
})

test('a port moves what is listed', async () => {
  const { a, b } = pair('port')
  const heard: unknown[] = []
  b.listen((message) => heard.push(message))
  const buffer = new Uint8Array([1, 2]).buffer
  a.send({ buffer }, [buffer])
  expect(buffer.byteLength).toBe(0)
  await eventually(() => expect(heard).toHaveLength(1))
})

test('within a page nothing is copied, nor taken away, and still it comes in a task of its own', async () => {
  const { a, b } = pair('local')
  const heard: unknown[] = []
  b.listen((message) => heard.push(message))
  const buffer = new Uint8Array([1, 2]).buffer
  const message = { buffer, run: () => undefined }
  a.send(message, [buffer])
  await Promise.resolve()
  expect(heard).toEqual([])
  await eventually(() => expect(heard).toHaveLength(1))
  expect(heard[0]).toBe(message)
  expect(buffer.byteLength).toBe(2)
})

test.each(['port', 'local'])('a %s line that nobody listens to is given up when very much waits', async (kind) => {
  const { a, b } = pair(kind)
  const closed = vi.fn<() => void>()
  a.closed(closed)
  for (let i = 0; i < 10_050; i++) a.send(i)
  await eventually(() => expect(closed).toHaveBeenCalledOnce())
  const heard = vi.fn<(message: unknown) => void>()
  b.listen(heard)
  expect(heard).not.toHaveBeenCalled()
})

describe('text lines', () => {
  test('carry long messages in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 20 }),
        async (texts, size) => {
          const { ends, pieces } = textLines()
          const [a, b] = [jsonTransport(ends[0], size), jsonTransport(ends[1], size)]
          const heard: unknown[] = []
          b.listen((message) => heard.push(message))
          for (const text of texts) a.send(text)
          await vi.waitFor(() => expect(heard).toEqual(texts))
          expect(pieces.every((piece) => piece.length <= size + 1)).toBe(true)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('more than 16 million characters go in two', async () => {
    const { ends, pieces } = textLines()
    const [a, b] = [jsonTransport(ends[0]), jsonTransport(ends[1])]
    const heard: unknown[] = []
    b.listen((message) => heard.push(message))
    a.send('x'.repeat(20_000_000))
    await eventually(() => expect(heard).toHaveLength(1))
    expect(heard[0]).toHaveLength(20_000_000)
    expect(pieces.filter((piece) => piece.length > 1000)).toHaveLength(2)
  })

  test('a line that is cut ends both, and one that garbles ends the hearer', async () => {
    const { ends, cut } = textLines()
    const [a, b] = [jsonTransport(ends[0]), jsonTransport(ends[1])]
    const closed: string[] = []
    a.closed(() => closed.push('a'))
    b.closed(() => closed.push('b'))
    cut()
    await eventually(() => expect(closed.toSorted()).toEqual(['a', 'b']))
    for (const garbage of ['.{', '.{"$rivulet":["boat"]}']) {
      const other = textLines().ends
      const end = vi.fn<() => void>()
      jsonTransport(other[0]).closed(end)
      other[1].post(garbage)
      await eventually(() => expect(end).toHaveBeenCalledOnce())
    }
  })
})

describe('two window lines', () => {
  test('do not mix', async () => {
    const on = fakeWindow()
    const heard: Record<string, unknown[]> = { n1: [], n2: [] }
    const agents = ['n1', 'n2'].map((nonce) => windowTransport<unknown, unknown>(on, 'agent', nonce))
    const panels = ['n1', 'n2'].map((nonce) => windowTransport<unknown, unknown>(on, 'panel', nonce))
    for (const [i, panel] of panels.entries()) panel.listen((message) => heard[`n${i + 1}`]?.push(message))
    for (const [i, agent] of agents.entries()) agent.send(`to n${i + 1}`)
    on.postMessage('something else', 'http://localhost', [])
    on.postMessage(null, 'http://localhost', [])
    await eventually(() => expect(heard).toEqual({ n1: ['to n1'], n2: ['to n2'] }))
    for (const end of [...agents, ...panels]) end.close()
  })
})
