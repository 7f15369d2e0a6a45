import { isRivuletError, RivuletError, type StoreDef } from '@rivulet/wire'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { shallowEqual } from '../../src/index.ts'
import { asRivuletError, fromPlainError, toPlainError } from '../../src/plain-error.ts'
import { createGrace } from '../../src/page/grace.ts'
import { createFrameTimer } from '../../src/page/page-timing.ts'
import { pathKey } from '../../src/page/path-key.ts'
import { createCell } from '../../src/page/readable.ts'
import { slimDef } from '../../src/page/slim-def.ts'
import { FleetStore, Horn } from '../support/fleet.ts'

describe('shallowEqual', () => {
  const x = {}
  test.each<[unknown, unknown, boolean]>([
    [1, 1, true],
    [Number.NaN, Number.NaN, true],
    [0, -0, false],
    [null, undefined, false],
    [null, {}, false],
    [[1, x], [1, x], true],
    [[1], [1, 2], false],
    [[{}], [{}], false],
    [[], {}, false],
    [{ a: 1 }, { a: 1 }, true],
    [{ a: undefined }, { b: undefined }, false],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [new Map([[1, x]]), new Map([[1, x]]), true],
    [new Map([[1, undefined]]), new Map([[2, undefined]]), false],
    [new Map(), new Set(), false],
    [new Set([1]), new Set([1]), true],
    [new Set([1]), new Set([2]), false],
    [new Date(1), new Date(1), false],
    [Object.create(null), {}, true],
  ])('%o and %o: %s', (a, b, equal) => {
    expect(shallowEqual(a, b)).toBe(equal)
    expect(shallowEqual(b, a)).toBe(equal)
  })
})

describe('pathKey', () => {
  test('tells all paths apart', () => {
    const paths = [
      [],
      [1],
      ['1'],
      [1n],
      [true],
      ['true'],
      ['a', 'b'],
      ['ab'],
      ['a1:b'],
      ['a', '1:b'],
      ['', ''],
      [''],
      ['s1:a'],
    ]
    expect(new Set(paths.map(pathKey)).size).toBe(paths.length)
  })
})

describe('createCell', () => {
  test('tells its listeners of changes only', () => {
    const cell = createCell(1)
    const heard = vi.fn<() => void>()
    const stop = cell.subscribe(heard)
    cell.set(1)
    expect(heard).not.toHaveBeenCalled()
    cell.set(2)
    expect([cell.get(), heard.mock.calls.length]).toEqual([2, 1])
    stop()
    cell.set(3)
    expect(heard).toHaveBeenCalledTimes(1)
  })
})

describe('slimDef', () => {
  test('keeps the structs within reach, once per descriptor', () => {
    const slim = slimDef(Horn, [Horn.packet])
    expect(Object.keys(slim.types[0] ?? {})).toEqual(['fleet.Horn'])
    expect(slimDef(Horn, [Horn.packet])).toBe(slim)
    const store = slimDef(FleetStore as StoreDef, [FleetStore.state])
    expect(Object.keys(store.types[0] ?? {})).toEqual(['fleet.Fleet', 'fleet.Position', 'fleet.Boat'])
    expect(structuredClone(store)).toEqual(store)
  })

  test('a struct that no table has is a schema error', () => {
    expect(() => slimDef({ ...Horn, packet: 'no.Such' }, ['no.Such'])).toThrow(
      expect.objectContaining({ code: 'schema' }) as Error,
    )
  })
})

describe('errors as data', () => {
  test('keep all they know', () => {
    const error = new RivuletError('denied', 'no', { store: 's', path: ['a', 1], offset: 3, hint: 'Ask.' })
    const back = fromPlainError(structuredClone(toPlainError(error, 'protocol')))
    expect(isRivuletError(back)).toBe(true)
    expect(back).toMatchObject({
      code: 'denied',
      what: 'no',
      store: 's',
      path: ['a', 1],
      offset: 3,
      hint: 'Ask.',
      message: error.message,
    })
    expect(toPlainError('text', 'protocol')).toEqual({ code: 'protocol', what: 'text' })
    expect(asRivuletError(error, 'worker')).toBe(error)
    expect(asRivuletError(new TypeError('t'), 'worker')).toMatchObject({ code: 'worker', what: 't' })
  })
})

describe('createGrace', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  test('drops in order, in batches, with one timer', async () => {
    const dropped: string[][] = []
    const grace = createGrace<string>(100, (items) => dropped.push([...items]))
    grace.add('a')
    grace.add('b')
    expect(vi.getTimerCount()).toBe(1)
    await Promise.resolve()
    vi.advanceTimersByTime(50)
    grace.add('c')
    expect(grace.cancel('b')).toBe(true)
    expect(grace.cancel('b')).toBe(false)
    vi.advanceTimersByTime(51)
    expect(dropped).toEqual([['a']])
    vi.advanceTimersByTime(50)
    expect(dropped).toEqual([['a'], ['c']])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('one batch for what one task gave up, however long that task took', async () => {
    const dropped: string[][] = []
    const grace = createGrace<string>(100, (items) => dropped.push([...items]))
    grace.add('a')
    vi.advanceTimersByTime(20)
    grace.add('b')
    await Promise.resolve()
    grace.add('c')
    vi.advanceTimersByTime(81)
    expect(dropped).toEqual([['a', 'b']])
    vi.advanceTimersByTime(20)
    expect(dropped).toEqual([['a', 'b'], ['c']])
  })

  test('adding again starts the time again, clearing ends it', async () => {
    const dropped: string[] = []
    const grace = createGrace<string>(100, (items) => dropped.push(...items))
    grace.add('a')
    await Promise.resolve()
    vi.advanceTimersByTime(80)
    grace.add('a')
    vi.advanceTimersByTime(80)
    expect(dropped).toEqual([])
    grace.clear()
    vi.advanceTimersByTime(500)
    expect(dropped).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('createFrameTimer', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  function fakePage(visibilityState: 'visible' | 'hidden'): {
    frames: (() => void)[]
    show(state: string): void
    listeners: Set<() => void>
  } {
    const frames: (() => void)[] = []
    const listeners = new Set<() => void>()
    const document = {
      visibilityState: visibilityState as string,
      addEventListener: (_: string, listener: () => void) => listeners.add(listener),
      removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
    }
    vi.stubGlobal('document', document)
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run))
    vi.stubGlobal('cancelAnimationFrame', (n: number) => {
      frames[n - 1] = () => undefined
    })
    const show = (state: string): void => {
      document.visibilityState = state
      for (const listener of listeners) listener()
    }
    return { frames, show, listeners }
  }

  test('without frames: a 16 ms timer, one at a time', () => {
    const run = vi.fn<() => void>()
    const timer = createFrameTimer()
    timer.request(run)
    timer.request(run)
    vi.advanceTimersByTime(15)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(run).toHaveBeenCalledTimes(1)
    timer.request(run)
    timer.cancel()
    vi.advanceTimersByTime(1000)
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('a visible page uses frames, with one listener that goes with cancel', () => {
    const page = fakePage('visible')
    const run = vi.fn<() => void>()
    const timer = createFrameTimer()
    timer.request(run)
    vi.advanceTimersByTime(5000)
    expect(run).not.toHaveBeenCalled()
    page.frames[0]?.()
    expect(run).toHaveBeenCalledTimes(1)
    timer.request(run)
    page.frames[1]?.()
    expect(run).toHaveBeenCalledTimes(2)
    expect(page.listeners.size).toBe(1)
    // Nothing is due, so being hidden starts no timer.
    page.show('hidden')
    expect(vi.getTimerCount()).toBe(0)
    timer.cancel()
    expect(page.listeners.size).toBe(0)
  })

  test('a page that gets hidden changes over to the slow timer, and back', () => {
    const page = fakePage('visible')
    const run = vi.fn<() => void>()
    const timer = createFrameTimer()
    timer.request(run)
    page.show('hidden')
    page.frames[0]?.()
    vi.advanceTimersByTime(999)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(run).toHaveBeenCalledTimes(1)
    timer.request(run)
    page.show('visible')
    vi.advanceTimersByTime(5000)
    expect(run).toHaveBeenCalledTimes(1)
    page.frames[1]?.()
    expect(run).toHaveBeenCalledTimes(2)
  })
})
