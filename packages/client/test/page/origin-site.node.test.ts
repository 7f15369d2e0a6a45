import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { siteOf } from '../../src/page/origin-site.ts'

const app = 'http://localhost:5173/src'
const ours = 'http://localhost:5173/node_modules/.vite/deps/@rivulet_react.js'

/** Frames from the inside out, as each engine writes them. */
const engines = {
  V8: (frames: readonly (readonly [name: string, place: string])[]): string =>
    ['Error: rendered', ...frames.map(([name, place]) => `    at ${name === '' ? place : `${name} (${place})`}`)].join(
      '\n',
    ),
  Firefox: (frames: readonly (readonly [name: string, place: string])[]): string =>
    `${frames.map(([name, place]) => `${name}@${place}`).join('\n')}\n`,
  Safari: (frames: readonly (readonly [name: string, place: string])[]): string =>
    frames.map(([name, place]) => (name === '' ? place : `${name}@${place}`)).join('\n'),
}

describe.each(Object.entries(engines))('the stack of %s', (_, stack) => {
  test('leads through our hooks and hooks of the app to the component', () => {
    const site = siteOf(
      stack([
        ['useOrigin', `${ours}?v=1:10:5`],
        ['useStoreOf', `${ours}?v=1:20:5`],
        ['useStore', `${ours}?v=1:30:5`],
        ['useTurn', `${app}/use-turn.ts?t=99:3:9`],
        ['Cell', `${app}/cell.tsx?t=99:12:17`],
        ['renderWithHooks', `http://localhost:5173/react-dom.js:1:1`],
      ]),
    )
    expect(site).toEqual({ name: 'Cell', source: `${app}/cell.tsx:12:17` })
  })

  test('names a component without a name by its place', () => {
    const site = siteOf(
      stack([
        ['useStore', `${ours}:30:5`],
        ['', `${app}/cell.tsx:12:17`],
        ['renderWithHooks', 'http://localhost:5173/react-dom.js:1:1'],
      ]),
    )
    expect(site).toEqual({ name: 'cell.tsx:12', source: `${app}/cell.tsx:12:17` })
  })

  test('leads from a plain subscription to its caller, when all is in one file too', () => {
    const one = `${app}/main.js`
    const site = siteOf(
      stack([
        ['noteListener', `${one}:1:1`],
        ['subscribe', `${one}:2:1`],
        ['drawBoard', `${one}:3:1`],
      ]),
    )
    expect(site).toEqual({ name: 'drawBoard', source: `${one}:3:1` })
  })

  test('that has nothing else ends with what there is', () => {
    expect(siteOf(stack([['useTurn', `${app}/use-turn.ts:3:9`]]))).toEqual({
      name: 'useTurn',
      source: `${app}/use-turn.ts:3:9`,
    })
  })
})

test('names are those of functions, however they were called', () => {
  const name = (frame: string): string => siteOf(`Error\n    at ${frame}`).name
  expect(name(`Object.draw [as onChange] (${app}/a.ts:1:1)`)).toBe('draw')
  expect(name(`async draw (${app}/a.ts:1:1)`)).toBe('draw')
  expect(name(`new Board (${app}/a.ts:1:1)`)).toBe('Board')
  expect(name(`<anonymous> (${app}/a.ts:4:1)`)).toBe('a.ts:4')
  expect(name('draw (/app/a.ts:1:1)')).toBe('draw')
  expect(name('draw (file:///app/a.ts:1:1)')).toBe('draw')
  expect(siteOf('render/<@http://localhost/a.js:1:1').name).toBe('render')
})

test('a stack that is none has no name', () => {
  expect(siteOf('')).toEqual({ name: 'unknown' })
  expect(siteOf('Error: something\n  of several lines')).toEqual({ name: 'unknown' })
})

test('the stack of this engine leads here', () => {
  function subscribe(): Error {
    return new Error('subscribed')
  }
  function Component(): Error {
    return subscribe()
  }
  expect(siteOf(Component().stack ?? '').name).toBe('Component')
})

test('nothing that a stack can be stops it, nor takes it long', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000 }), (stack) => {
      expect(siteOf(stack).name).toEqual(expect.any(String))
    }),
  )
  expect(siteOf(`    at ${'('.repeat(20_000)}`).name).toBe('unknown')
  expect(siteOf(`    at http://${'a:1:1'.repeat(5_000)}x`).name).toBe('unknown')
})
