import { encodeValue, type Path, type RivuletError, stateNode, type StoreDef } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { createSnapshot, type FilledSnapshot } from '../../src/page/create-snapshot.ts'
import { schemaHash } from '../../src/page/schema-hash.ts'
import { typeAt } from '../../src/page/schema-walk.ts'
import { board, type Board, BoardStore, OtherStore } from '../support/board.ts'
import { walk } from '../support/fake-engine.ts'

interface Rig {
  readonly snapshot: FilledSnapshot
  readonly errors: RivuletError[]
  readonly put: (path: Path, state?: Board) => void
}

function rig(): Rig {
  const errors: RivuletError[] = []
  const snapshot = createSnapshot((error) => errors.push(error))
  return {
    snapshot,
    errors,
    put(path, state = board()) {
      const value = walk(BoardStore, state, path)
      const node = typeAt(BoardStore, stateNode(BoardStore), path)
      const bytes = value === undefined ? null : encodeValue(BoardStore.types, node, value)
      snapshot.put({ store: 'BoardStore', hash: schemaHash(BoardStore), path, bytes })
    },
  }
}

describe('what a snapshot knows', () => {
  test('nothing, at first', () => {
    const { snapshot } = rig()
    expect(snapshot.initial(BoardStore, [])).toBeUndefined()
    expect(snapshot.held(BoardStore, ['title'])).toBeUndefined()
    expect(snapshot.entries()).toEqual([])
  })

  test('a path, what is below it, and nothing else', () => {
    const { snapshot, put } = rig()
    put(['items'])
    expect(snapshot.initial(BoardStore, ['items'])?.value).toEqual(board().items)
    expect(snapshot.initial(BoardStore, ['items', 'a', 'x'])).toEqual({ value: 1 })
    expect(snapshot.initial(BoardStore, ['items', 'nobody', 'x'])).toEqual({ value: undefined })
    expect(snapshot.initial(BoardStore, ['title'])).toBeUndefined()
    expect(snapshot.initial(BoardStore, [])).toBeUndefined()
    expect(snapshot.initial(OtherStore, ['items'])).toBeUndefined()
  })

  test('always the same object', () => {
    const { snapshot, put } = rig()
    put(['items'])
    const first = snapshot.initial(BoardStore, ['items'])?.value
    expect(snapshot.initial(BoardStore, ['items'])?.value).toBe(first)
    expect(snapshot.held(BoardStore, ['items'])?.value).toBe(first)
  })

  test('the nearest entry above', () => {
    const { snapshot, put } = rig()
    put([])
    put(['title'], board({ title: 'second' }))
    expect(snapshot.initial(BoardStore, ['title'])).toEqual({ value: 'second' })
    expect(snapshot.initial(BoardStore, [])?.value).toMatchObject({ title: 'first' })
  })

  test('that something is not there', () => {
    const { snapshot, put } = rig()
    put(['items', 'nobody'])
    expect(snapshot.initial(BoardStore, ['items', 'nobody'])).toEqual({ value: undefined })
  })

  test('no path that the schema does not have', () => {
    const { snapshot, put } = rig()
    put([])
    expect(snapshot.initial(BoardStore, ['nothing'])).toBeUndefined()
    expect(snapshot.initial(BoardStore, ['title', 0])).toBeUndefined()
  })
})

describe('live data', () => {
  test('takes the place of a path and of all below it, but not of what was rendered', () => {
    const { snapshot, put } = rig()
    put(['weather', 'wind'])
    put(['weather', 'note'])
    put(['title'])
    snapshot.superseded(BoardStore, ['weather'])
    expect(snapshot.held(BoardStore, ['weather', 'wind'])).toBeUndefined()
    expect(snapshot.held(BoardStore, ['weather', 'note'])).toBeUndefined()
    expect(snapshot.held(BoardStore, ['title'])).toEqual({ value: 'first' })
    expect(snapshot.initial(BoardStore, ['weather', 'wind'])).toEqual({ value: 3 })
  })

  test('of a part takes the place of that part only', () => {
    const { snapshot, put } = rig()
    put([])
    snapshot.superseded(BoardStore, ['weather'])
    expect(snapshot.held(BoardStore, ['weather'])).toBeUndefined()
    expect(snapshot.held(BoardStore, ['weather', 'note'])).toBeUndefined()
    expect(snapshot.held(BoardStore, ['title'])).toEqual({ value: 'first' })
    expect(snapshot.held(BoardStore, [])).toBeDefined()
  })

  test('of another store changes nothing', () => {
    const { snapshot, put } = rig()
    put([])
    snapshot.superseded(OtherStore, [])
    expect(snapshot.held(BoardStore, ['title'])).toEqual({ value: 'first' })
  })

  test('of ever more parts ends the entry, so nothing grows', () => {
    const { snapshot, put } = rig()
    put([])
    for (let i = 0; i <= 4096; i++) snapshot.superseded(BoardStore, ['items', `row ${i}`])
    expect(snapshot.held(BoardStore, ['title'])).toBeUndefined()
    expect(snapshot.initial(BoardStore, ['title'])).toEqual({ value: 'first' })
  })

  test('an entry for the same path starts anew', () => {
    const { snapshot, put } = rig()
    put(['title'])
    snapshot.superseded(BoardStore, ['title'])
    put(['title'], board({ title: 'again' }))
    expect(snapshot.held(BoardStore, ['title'])).toEqual({ value: 'again' })
  })
})

describe('what does not fit', () => {
  const renamed: StoreDef = {
    ...BoardStore,
    types: BoardStore.types.map((table) => ({
      ...table,
      'test.Row': { form: 'partial', fields: [{ name: 'label', id: 1, type: { kind: 'string' } }] },
    })),
  }

  test('another definition: the entry is ignored, and the app is told once', () => {
    const { snapshot, put, errors } = rig()
    put(['items'])
    expect(snapshot.initial(renamed, ['items'])).toBeUndefined()
    expect(snapshot.held(renamed, ['items', 'a'])).toBeUndefined()
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'schema',
        store: 'BoardStore',
        path: ['items'],
        hint: expect.stringContaining('one build'),
      }),
    ])
  })

  test('a copy of the definition is the same one', () => {
    const { snapshot, put, errors } = rig()
    put(['title'])
    expect(snapshot.initial(structuredClone(BoardStore), ['title'])).toEqual({ value: 'first' })
    expect(errors).toEqual([])
  })

  test('bytes that do not decode', () => {
    const { snapshot, errors } = rig()
    const hash = schemaHash(BoardStore)
    snapshot.put({ store: 'BoardStore', hash, path: ['title'], bytes: new Uint8Array([200, 1]) })
    expect(snapshot.initial(BoardStore, ['title'])).toBeUndefined()
    expect(snapshot.initial(BoardStore, ['title'])).toBeUndefined()
    expect(errors).toEqual([expect.objectContaining({ store: 'BoardStore', path: ['title'] })])
  })

  test('a path that the definition does not have', () => {
    const { snapshot, errors } = rig()
    const hash = schemaHash(BoardStore)
    snapshot.put({ store: 'BoardStore', hash, path: ['nothing'], bytes: null })
    expect(snapshot.initial(BoardStore, ['nothing'])).toBeUndefined()
    expect(errors).toEqual([expect.objectContaining({ code: 'path' })])
  })
})

test('the hash of a definition differs when its bytes would', () => {
  expect(schemaHash(BoardStore)).toMatch(/^[0-9a-f]{16}$/)
  expect(schemaHash(structuredClone(BoardStore))).toBe(schemaHash(BoardStore))
  expect(schemaHash(OtherStore)).not.toBe(schemaHash(BoardStore))
})
