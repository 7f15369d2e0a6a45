import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commentDoc } from '../../src/emit/print/comment.ts'
import { group, hardLine, indent, join, lazyGroup, line, printDoc, softLine } from '../../src/emit/print/doc.ts'
import { createNames, isIdentifierName } from '../../src/emit/print/identifier.ts'
import { literalDoc, openObject, type Plain, propertyKey } from '../../src/emit/print/literal.ts'

/** What JavaScript makes of a text. */
// oxlint-disable-next-line no-eval -- the second opinion
const valueOf = (text: string): unknown => (0, eval)(`(${text})`)

const plain: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.bigInt(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 8 }), tie('value'), { maxKeys: 4 }),
  ),
})).value

describe('a literal', () => {
  test('is the value that it was printed from, however wide', () => {
    fc.assert(
      fc.property(plain, fc.integer({ min: 1, max: 140 }), (value, width) => {
        expect(valueOf(printDoc(literalDoc(value), width))).toEqual(value)
      }),
      { numRuns: 400 },
    )
  })

  test('leaves out what is undefined', () => {
    expect(printDoc(literalDoc({ a: 1, b: undefined, c: 'x' }), 80)).toBe("{ a: 1, c: 'x' }")
    expect(printDoc(literalDoc({ b: undefined }), 80)).toBe('{}')
  })

  test.each<readonly [Plain, string]>([
    ['plain', "'plain'"],
    ["it's", '"it\'s"'],
    ['say "hi"', `'say "hi"'`],
    [`it's "both"`, `'it\\'s "both"'`],
    ['a\\b', "'a\\\\b'"],
    ['\u0000\u200B\u{E0001}', "'\\u0000\\u200b\\u{e0001}'"],
    ['tab\there\r\n', "'tab\\there\\r\\n'"],
    [1e21, '1e21'],
    [-0.5, '-0.5'],
    [10n, '10n'],
    [{ 'a-b': 1, __proto_: 2 }, "{ 'a-b': 1, __proto_: 2 }"],
    [[], '[]'],
    [[1, 2], '[1, 2]'],
  ])('row %#', (value, text) => {
    expect(printDoc(literalDoc(value), 80)).toBe(text)
  })

  test('of several objects has a line for each, and so has whatever holds it', () => {
    const rows = [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]
    expect(printDoc(literalDoc(rows), 80)).toBe('[\n  { a: 1, b: 2 },\n  { a: 3, b: 4 },\n]')
    expect(printDoc(literalDoc({ rows }), 80)).toBe('{\n  rows: [\n    { a: 1, b: 2 },\n    { a: 3, b: 4 },\n  ],\n}')
    expect(printDoc(literalDoc([{ a: 1 }, { a: 2 }]), 80)).toBe('[{ a: 1 }, { a: 2 }]')
  })

  test('breaks where it must, from the outside in', () => {
    expect(printDoc(literalDoc({ first: [1, 2, 3], second: 'x' }), 24)).toBe(
      "{\n  first: [1, 2, 3],\n  second: 'x',\n}",
    )
  })

  test('has keys that set what they say', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const object = valueOf(`{ ${propertyKey(key)}: 1 }`) as object
        expect(Object.entries(object)).toEqual([[key, 1]])
      }),
    )
    expect(Object.keys(valueOf(printDoc(openObject([`${propertyKey('__proto__')}: 1`]), 80)) as object)).toEqual([
      '__proto__',
    ])
  })
})

describe('a group', () => {
  test('whose text is known is laid out as one that is measured', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(words, words, fc.integer({ min: 1, max: 60 }), (inner, outer, width) => {
        const list = (items: readonly string[]) => ['(', indent(softLine, join([',', line], items)), softLine, ')']
        const flat = `(${inner.join(', ')})`
        const around = (middle: ReturnType<typeof group>) => group([...list(outer), line, middle, ';'])
        expect(printDoc(around(lazyGroup(flat, () => list(inner))), width)).toBe(
          printDoc(around(group(...list(inner))), width),
        )
      }),
    )
  })

  test('with a line that always breaks is never flat, and its body is asked for once', () => {
    let asked = 0
    const broken = lazyGroup(undefined, () => {
      asked += 1
      return ['a', line, 'b']
    })
    expect(printDoc(broken, 80)).toBe('a\nb')
    expect(asked).toBe(1)
    expect(printDoc(group('a', line, group('b', hardLine, 'c')), 80)).toBe('a\nb\nc')
    const never = lazyGroup('a b', () => {
      throw new Error('it fits')
    })
    expect(printDoc(never, 80)).toBe('a b')
  })
})

describe('a comment', () => {
  test.each([
    [undefined, ''],
    ['', ''],
    ['\n \n', ''],
    ['One line.', '/** One line. */\n'],
    ['  One line.  \n', '/** One line. */\n'],
    ['Ends */ early.', '/** Ends *\\/ early. */\n'],
    ['Two\r\nlines', '/**\n * Two\n * lines\n */\n'],
    ['With\n\na gap\u2028and more', '/**\n * With\n *\n * a gap\n * and more\n */\n'],
  ])('%j', (text, printed) => {
    expect(printDoc(commentDoc(text), 80)).toBe(printed)
  })

  test('never ends before its end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const printed = printDoc(commentDoc(text), 80)
        expect(printed.indexOf('*/')).toBe(printed === '' ? -1 : printed.trimEnd().length - 2)
      }),
    )
  })
})

describe('names', () => {
  test('can be declared, and are given once, whatever was wished', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('class', 'a', 'a-b', '', '1', 'string', 'ab'))),
        (wishes) => {
          const names = createNames(['taken'])
          const given = wishes.map((wish) => names.take(wish))
          expect(new Set(given).size).toBe(given.length)
          for (const name of given) {
            expect(isIdentifierName(name)).toBe(true)
            expect(() => valueOf(`() => { 'use strict'; let ${name}; type: return ${name} }`)).not.toThrow()
            expect(names.has(name)).toBe(true)
          }
          expect(given).not.toContain('taken')
        },
      ),
    )
  })

  test.each([
    [['a', 'b'], [], 'a'],
    [['a', 'b'], ['a'], 'b'],
    [['a', 'b'], ['a', 'b'], 'b_'],
    [['House.Add'], [], 'HouseAdd'],
    [['1st'], [], '_1st'],
    [['delete'], [], 'delete_'],
  ])('of the wishes %j, with %j taken, %s is given', (wishes, taken, given) => {
    expect(createNames(taken).take(...wishes)).toBe(given)
  })
})
