import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  beside,
  type Doc,
  group,
  hardLine,
  ifBroken,
  indent,
  join,
  line,
  printDoc,
  softLine,
} from '../../src/emit/print/doc.ts'

const list = (...items: readonly Doc[]): Doc =>
  group('[', indent(softLine, join([',', line], items)), ifBroken(','), softLine, ']')

describe('printDoc', () => {
  test('keeps a group on one line if it fits, to the last column', () => {
    expect(printDoc(list('aa', 'bb'), 8)).toBe('[aa, bb]')
    expect(printDoc(list('aa', 'bb'), 7)).toBe('[\n  aa,\n  bb,\n]')
  })

  test('counts what follows a group up to where it can break', () => {
    expect(printDoc([list('aa', 'bb'), ';;'], 9)).toBe('[\n  aa,\n  bb,\n];;')
    expect(printDoc([list('aa', 'bb'), hardLine, ';;;;'], 8)).toBe('[aa, bb]\n;;;;')
  })

  test('breaks the outer group first', () => {
    expect(printDoc(list(list('aa', 'bb'), 'cc'), 12)).toBe('[\n  [aa, bb],\n  cc,\n]')
  })

  test('breaks around a new line that must be', () => {
    expect(printDoc(list('a', ['b', hardLine, 'c']), 80)).toBe('[\n  a,\n  b\n  c,\n]')
  })

  test('puts something beside or below', () => {
    expect(printDoc(['a =', beside('bcd')], 7)).toBe('a = bcd')
    expect(printDoc(['a =', beside('bcd')], 6)).toBe('a =\n  bcd')
    expect(printDoc(['a =', beside(['{', indent(hardLine, 'b'), hardLine, '}'])], 5)).toBe('a = {\n  b\n}')
    expect(printDoc(['a =', beside(['{', indent(hardLine, 'b'), hardLine, '}'])], 4)).toBe('a =\n  {\n    b\n  }')
  })

  test('leaves no blanks at the ends of lines', () => {
    expect(printDoc([indent('a ', hardLine, hardLine, 'b')], 80)).toBe('a\n\n  b')
  })

  const { doc } = fc.letrec<{ doc: Doc }>((tie) => ({
    doc: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.stringMatching(/^[a-z]{1,6}$/),
      fc.array(tie('doc'), { maxLength: 5 }).map((items) => list(...items)),
    ),
  }))

  test('says the same in any width, and only breaks what is too long', () => {
    fc.assert(
      fc.property(doc, fc.integer({ min: 8, max: 60 }), (given, width) => {
        const flat = printDoc(given, Number.POSITIVE_INFINITY)
        const printed = printDoc(given, width)
        expect(flat).not.toContain('\n')
        expect(printed.replaceAll(/,?\n *(?=\])|\n */g, '').replaceAll(' ', '')).toBe(flat.replaceAll(' ', ''))
        expect(printed.includes('\n')).toBe(flat.length > width && flat.startsWith('['))
      }),
    )
  })
})
