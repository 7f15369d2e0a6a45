import * as fc from 'fast-check'
import type { StoreDef } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { pathOfKey } from '../../src/resub/key-path.ts'
import { BoardStore } from '../support/board.ts'
import { FleetStore } from '../support/fleet.ts'

describe('pathOfKey', () => {
  test.each(['urlPath', 'URLPath', 'uRLPath'])('pitfall 8: "%s" means the field URLPath', (key) => {
    // Reference: `URLPath` is never triggered on the page, `urlPath` gets one full state and no live data from the host, only `uRLPath` works.
    expect(pathOfKey(BoardStore, key)).toEqual(['urlPath'])
  })

  test.each([
    ['title', ['title']],
    ['Title', ['title']],
    ['items%&a', ['items', 'a']],
    ['Items%&A%&Name', ['items', 'A', 'name']],
    ['byId%&7%&x', ['byId', 7, 'x']],
    ['ByID%&7', ['byId', 7]],
    ['log%&1', ['log', 1]],
    ['pilot%&name', ['pilot', 'name']],
    ['weather%&gusts%&0', ['weather', 'gusts', 0]],
    ['image%&3', ['image', 3]],
  ])('%s → %j', (key, path) => {
    expect(pathOfKey(BoardStore, key)).toEqual(path)
  })

  test('map keys keep their spelling', () => {
    expect(pathOfKey(FleetStore, 'boats%&URLPath')).toEqual(['boats', 'URLPath'])
    expect(pathOfKey(FleetStore, 'boats%&urlPath')).toEqual(['boats', 'urlPath'])
  })

  test.each(['nope', 'items%&a%&nope', 'title%&x', 'byId%&seven', 'log%&-1'])('"%s" leads nowhere', (key) => {
    const hint: unknown = expect.stringMatching(/\w/)
    expect(() => pathOfKey(BoardStore, key)).toThrow(
      expect.objectContaining({ code: 'path', store: 'BoardStore', hint }),
    )
  })

  test('property: any spelling of any field means that field', () => {
    const word = fc.stringMatching(/^[A-Z]{1,4}[a-z0-9]{0,5}$/)
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 6, selector: (w) => w.toLowerCase() }), (names) => {
        const fields = names.map((wire, i) => ({ name: `p${i}`, wire, id: i + 1, type: { kind: 'bool' as const } }))
        const def: StoreDef = {
          kind: 'store',
          name: 'Any',
          state: 't.Any',
          types: [{ 't.Any': { form: 'partial', fields } }],
        }
        for (const { name, wire } of fields) {
          for (const spelling of [name, wire, wire.charAt(0).toLowerCase() + wire.slice(1)]) {
            expect(pathOfKey(def, spelling)).toEqual([name])
          }
        }
      }),
    )
  })
})
