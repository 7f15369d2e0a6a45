import { decodeState, type StoreDef } from '@rivulet/wire'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connectReduxDevtools, type ReduxDevtoolsOptions } from '../../src/redux.ts'
import { REDUX_EXTENSION } from '../../src/redux/extension.ts'
import type { Client } from '@rivulet/client'
import { createFakeProbe, type FakeProbe, probesOfPage } from '../support/fake-probe.ts'
import {
  createFakeReduxExtension,
  type FakeReduxExtension,
  type ReduxInstance,
} from '../support/fake-redux-extension.ts'

interface BoardState {
  readonly board: readonly string[] | null
  readonly scores: ReadonlyMap<bigint, string> | null
}

const Board: StoreDef<BoardState> = {
  kind: 'store',
  name: 'BoardStore',
  state: 'game.Board',
  types: [
    {
      'game.Board': {
        form: 'partial',
        fields: [
          { name: 'board', id: 1, type: { kind: 'array', elem: { kind: 'string' } } },
          {
            name: 'scores',
            id: 2,
            type: { kind: 'map', key: { kind: 'int64', as: 'bigint' }, value: { kind: 'string' } },
          },
        ],
      },
      'game.Clock': { form: 'partial', fields: [{ name: 'now', id: 1, type: { kind: 'int32' } }] },
    },
  ],
}
const Clock: StoreDef<{ readonly now: number }> = { ...Board, name: 'ClockStore', state: 'game.Clock' } as never

const START: BoardState = { board: ['', ''], scores: new Map([[7n, 'x']]) }
const MOVED: BoardState = { ...START, board: ['', 'X'] }

const page = globalThis as { [REDUX_EXTENSION]?: FakeReduxExtension['extension'] | undefined }

let redux: FakeReduxExtension
let probe: FakeProbe
const ends: (() => void)[] = []

beforeEach(() => {
  redux = createFakeReduxExtension()
  page[REDUX_EXTENSION] = redux.extension
  probe = createFakeProbe('https://game.test', [
    [Board, START],
    [Clock, { now: 1 }],
  ])
  probe.register()
})

afterEach(() => {
  for (const end of ends.splice(0)) end()
  probe.end()
  page[REDUX_EXTENSION] = undefined
})

function connect(client?: Client, options?: ReduxDevtoolsOptions): ReduxInstance {
  ends.push(connectReduxDevtools(client, options))
  const [instance] = redux.instances
  if (instance === undefined) throw new Error('nothing has connected')
  return instance
}

/** With the extension's panel open. */
function watch(options?: ReduxDevtoolsOptions): ReduxInstance {
  const instance = connect(undefined, options)
  redux.open()
  return instance
}

const frame = (): Promise<unknown> =>
  new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))

async function move(): Promise<void> {
  probe.put('BoardStore', MOVED, ['board', 1])
  await frame()
}

const jump = (state: string | undefined, type = 'JUMP_TO_STATE'): Parameters<ReduxInstance['press']>[0] => ({
  type: 'DISPATCH',
  payload: { type },
  ...(state === undefined ? {} : { state }),
})

/** The last thing that was shown in a store: the state, or `host` for the host's own. */
function shownIn(def: StoreDef): unknown {
  const last = probe.shown.findLast(({ store }) => store === def.name)
  if (last === undefined) return undefined
  const [write] = last.writes
  if (write === undefined) return 'host'
  expect(write.path).toEqual([])
  return decodeState(def, write.bytes)
}

describe('while nobody looks', () => {
  test('without the extension nothing happens', () => {
    page[REDUX_EXTENSION] = undefined
    const listeners = probesOfPage().listeners.size
    connectReduxDevtools()()
    expect(probesOfPage().listeners.size).toBe(listeners)
  })

  test('the client is in its menu, and not a value has been read', async () => {
    const instance = connect()
    expect(instance.name).toBe('Rivulet https://game.test')
    expect(instance.states).toEqual(['{}'])
    expect(probe.observers.size).toBe(0)
    await move()
    expect(instance.actions).toEqual(['@@INIT'])
    expect(instance.serialised).toBe(1)
  })

  test('and again after its panel was closed', async () => {
    const instance = watch()
    expect(probe.observers.size).toBe(1)
    probe.put('BoardStore', MOVED, ['board', 1])
    redux.close()
    await frame()
    expect(probe.observers.size).toBe(0)
    expect(instance.actions).toEqual(['@@INIT'])
    redux.open()
    expect(JSON.parse(instance.states[0] ?? '')).toMatchObject({ BoardStore: { board: ['', 'X'] } })
  })
})

describe('what is shown', () => {
  test('the state of every store, with what JSON has no word for', () => {
    expect(JSON.parse(watch().states[0] ?? '')).toEqual({
      BoardStore: { board: ['', ''], scores: { $map: [[{ $bigint: '7' }, 'x']] } },
      ClockStore: { now: 1 },
    })
  })

  test('an action per change, named after store and path', async () => {
    const instance = watch()
    await move()
    probe.put('ClockStore', { now: 2 }, [])
    await frame()
    expect(instance.actions).toEqual(['@@INIT', 'BoardStore/partial board[1]', 'ClockStore/update'])
    expect(JSON.parse(instance.states[2] ?? '')).toMatchObject({
      BoardStore: { board: ['', 'X'] },
      ClockStore: { now: 2 },
    })
  })

  test('at most one action per store and frame, which says how many it stands for', async () => {
    const instance = watch()
    const before = instance.serialised
    for (let now = 0; now < 10_000; now++) probe.put('ClockStore', { now }, ['now'])
    probe.put('BoardStore', MOVED, ['board', 0], ['board', 1])
    await frame()
    expect(instance.actions.slice(1)).toEqual(['ClockStore/partial now +9999', 'BoardStore/partial board[0] +1'])
    expect(instance.serialised - before).toBe(2)
    expect(JSON.parse(instance.states.at(-1) ?? '')).toMatchObject({ ClockStore: { now: 9_999 } })
  })

  test('a store that is too large is named, not sent', async () => {
    const instance = watch({ maxValues: 5 })
    expect(JSON.parse(instance.states[0] ?? '')).toEqual({ BoardStore: '(too large to show)', ClockStore: { now: 1 } })
    probe.put('ClockStore', { now: 2 }, ['now'])
    await frame()
    // It is not in the text, so a jump leaves it alone.
    instance.press(jump(instance.states[0]))
    expect(shownIn(Board)).toBeUndefined()
    expect(shownIn(Clock)).toEqual({ now: 1 })
  })

  test('paused, nothing is sent; afterwards it goes on', async () => {
    const instance = watch()
    instance.press({ type: 'DISPATCH', payload: { type: 'PAUSE_RECORDING', status: true } })
    const before = instance.serialised
    await move()
    expect(instance.serialised).toBe(before)
    instance.press({ type: 'DISPATCH', payload: { type: 'PAUSE_RECORDING', status: false } })
    probe.put('ClockStore', { now: 3 }, ['now'])
    await frame()
    expect(instance.actions).toEqual(['@@INIT', 'ClockStore/partial now'])
  })
})

describe('its buttons', () => {
  test.each(['JUMP_TO_STATE', 'JUMP_TO_ACTION'])(
    '%s shows the state over the host’s, the newest shows the host’s',
    async (type) => {
      const instance = watch()
      await move()
      instance.press(jump(instance.states[0], type))
      expect(shownIn(Board)).toEqual(START)
      // The host goes on meanwhile; what the page shows is not its state, so it is no action.
      probe.put('BoardStore', START, ['board', 0])
      await frame()
      expect(instance.actions).toHaveLength(2)

      instance.press(jump(instance.states[1], type))
      expect(shownIn(Board)).toBe('host')
      probe.put('BoardStore', START, ['board', 0])
      await frame()
      expect(instance.actions).toHaveLength(3)
    },
  )

  test('COMMIT begins again from here', async () => {
    const instance = watch()
    await move()
    instance.press({ type: 'DISPATCH', payload: { type: 'COMMIT' } })
    expect(instance.actions).toEqual(['@@INIT'])
    expect(JSON.parse(instance.states[0] ?? '')).toMatchObject({ BoardStore: { board: ['', 'X'] } })
    expect(probe.shown).toEqual([])
  })

  test('ROLLBACK shows the state that was committed, and begins from it', async () => {
    const instance = watch()
    const committed = instance.states[0]
    await move()
    instance.press(jump(committed, 'ROLLBACK'))
    expect(shownIn(Board)).toEqual(START)
    expect(instance.states).toEqual([committed])
  })

  test('RESET shows the host’s state', async () => {
    const instance = watch()
    await move()
    instance.press(jump(instance.states[0]))
    instance.press({ type: 'DISPATCH', payload: { type: 'RESET' } })
    expect([shownIn(Board), shownIn(Clock)]).toEqual(['host', 'host'])
    expect(instance.actions).toEqual(['@@INIT'])
  })

  test('IMPORT_STATE takes a history over and shows where it stands', () => {
    const instance = watch()
    const state = (now: number) => ({ state: { BoardStore: { board: ['O'], scores: null }, ClockStore: { now } } })
    const nextLiftedState = { computedStates: [state(5), state(6), state(7)], currentStateIndex: 1 }
    instance.press({ type: 'DISPATCH', payload: { type: 'IMPORT_STATE', nextLiftedState } })
    expect(shownIn(Board)).toEqual({ board: ['O'], scores: null })
    expect(shownIn(Clock)).toEqual({ now: 6 })
    expect(instance.actions).toHaveLength(3)
  })

  test('what does not fit the schema is said where it was pressed, and is not shown', () => {
    const instance = watch()
    instance.press(jump('{"BoardStore":{"board":7,"scores":null}}'))
    instance.press(jump('{not json'))
    expect(instance.errors).toHaveLength(2)
    expect(probe.shown).toEqual([])
    // States without a store, or of none that is known.
    instance.press(jump('{"Unknown":1}'))
    instance.press(jump('[]'))
    instance.press(jump(undefined))
    expect(instance.errors).toHaveLength(2)
  })

  test('others are left alone', () => {
    const instance = watch()
    for (const type of ['TOGGLE_ACTION', 'REORDER_ACTION', 'LOCK_CHANGES', 'IMPORT_STATE'])
      instance.press({ type: 'DISPATCH', payload: { type } })
    instance.press({ type: 'ACTION' })
    expect(instance.errors).toEqual([])
    expect(probe.shown).toEqual([])
  })
})

describe('which clients', () => {
  test('all of the page, also those that come later, until they end', () => {
    const first = watch()
    const later = createFakeProbe('https://later.test')
    later.register()
    expect(redux.instances.map(({ name }) => name)).toEqual(['Rivulet https://game.test', 'Rivulet https://later.test'])
    expect(new Set(redux.instances.map(({ id }) => id)).size).toBe(2)
    later.end()
    expect(redux.instances.map(({ gone }) => gone)).toEqual([false, true])
    expect(first.gone).toBe(false)
  })

  test('one that comes while the panel is open is watched', async () => {
    watch()
    const later = createFakeProbe('https://later.test')
    later.register()
    await vi.waitFor(() => expect(later.observers.size).toBe(1))
    later.end()
    expect(later.observers.size).toBe(0)
  })

  test('or the one that is named', () => {
    const other = createFakeProbe('https://other.test')
    other.register()
    connect(other.client, { name: 'Other' })
    expect(redux.instances.map(({ name }) => name)).toEqual(['Other'])
    other.end()
  })

  test('a probe of another version is left alone', () => {
    connect()
    const newer = createFakeProbe('https://newer.test')
    Object.assign(newer.probe, { version: 99 })
    newer.register()
    expect(redux.instances).toHaveLength(1)
    newer.end()
  })

  test('ended, it leaves nothing behind: no observer, no listener, nothing shown', async () => {
    const listeners = probesOfPage().listeners.size
    const instance = watch()
    await move()
    instance.press(jump(instance.states[0]))
    for (const end of ends.splice(0)) {
      end()
      end()
    }
    expect(shownIn(Board)).toBe('host')
    expect([probe.observers.size, probesOfPage().listeners.size, instance.gone]).toEqual([0, listeners, true])
  })
})
