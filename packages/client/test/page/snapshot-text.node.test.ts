import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PathPart, RivuletError } from '@rivulet/wire'
import type { SnapshotEntry } from '../../src/page/create-snapshot.ts'
import { readEntries, writeEntries } from '../../src/page/snapshot-text.ts'

const part: fc.Arbitrary<PathPart> = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
)
const entry: fc.Arbitrary<SnapshotEntry> = fc.record({
  store: fc.string(),
  hash: fc.constant('0123456789abcdef'),
  path: fc.array(part, { maxLength: 4 }),
  bytes: fc.option(fc.uint8Array({ maxLength: 20_000, size: 'small' }), { nil: null }),
})
const write = (entries: readonly SnapshotEntry[]): string => writeEntries(entries, ({ bytes }) => bytes ?? null)
const byStore = (entries: readonly SnapshotEntry[]): Record<string, SnapshotEntry[]> =>
  Object.groupBy(entries, ({ store }) => `store ${store}`) as Record<string, SnapshotEntry[]>

describe('the text of a snapshot', () => {
  test('reads back as what was written, with every kind of key', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        expect(byStore(readEntries(write(entries)))).toEqual(byStore(entries))
      }),
    )
  })

  test('cannot end a script, start a tag or an entity, or break a line', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        expect(write(entries)).not.toMatch(/[<>&\u2028\u2029]/)
      }),
    )
    const text = write([{ store: '</script><!--', hash: 'h', path: ['\u2028&amp;'], bytes: null }])
    expect(text).not.toMatch(/[<>&\u2028]/)
    expect(readEntries(text)).toEqual([{ store: '</script><!--', hash: 'h', path: ['\u2028&amp;'], bytes: null }])
  })

  test('keeps 0 and -0, and numbers that JSON does not know', () => {
    const path = [0, -0, Number.NaN, Infinity, 1e300]
    const [read] = readEntries(write([{ store: 's', hash: 'h', path, bytes: null }]))
    expect(read?.path.map((key) => Object.is(key, -0))).toEqual([false, true, false, false, false])
    expect(read?.path).toEqual(path)
  })

  test('a value of more bytes than a call may have arguments', () => {
    const bytes = new Uint8Array(300_000).map((_, i) => i)
    expect(readEntries(write([{ store: 's', hash: 'h', path: [], bytes }]))[0]?.bytes).toEqual(bytes)
  })

  test.for([
    ['no JSON', 'undefined'],
    ['null', 'null'],
    ['another version', '{"rivulet":2,"stores":[]}'],
    ['no stores', '{"rivulet":1}'],
    ['a store without a name', '{"rivulet":1,"stores":[[1,"h",[]]]}'],
    ['an entry that is none', '{"rivulet":1,"stores":[["s","h",[7]]]}'],
    ['a part without a type', '{"rivulet":1,"stores":[["s","h",[[["x"],null]]]]}'],
    ['a part that is no text', '{"rivulet":1,"stores":[["s","h",[[[5],null]]]]}'],
    ['a bigint that is none', '{"rivulet":1,"stores":[["s","h",[[["i1.5"],null]]]]}'],
    ['bytes that are no text', '{"rivulet":1,"stores":[["s","h",[[[],5]]]]}'],
    ['bytes that are no base64', '{"rivulet":1,"stores":[["s","h",[[[],"*"]]]]}'],
  ])('refuses %s', ([, text]) => {
    expect(() => readEntries(text as string)).toThrow(
      expect.objectContaining({ code: 'protocol', hint: 'Pass what dehydrate() returned, as it is.' }),
    )
  })

  test('whatever the text is, it is read or refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        let code = 'protocol'
        try {
          readEntries(text)
        } catch (error) {
          code = (error as RivuletError).code
        }
        expect(code).toBe('protocol')
      }),
    )
  })
})
