import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { read } from '../support/read-sources.ts'

async function valueOf(expression: string, before = ''): Promise<unknown> {
  const { pkg } = await read(`${before}\nconst X = ${expression}`)
  return pkg().consts.find(({ name }) => name === 'X')?.value
}

describe('constant expressions', () => {
  test.each<[string, unknown]>([
    ['1_000', 1000],
    ['0x_FF', 255],
    ['0b1010', 10],
    ['0o17', 15],
    ['017', 15],
    ['-12', -12],
    ['1 << 3', 8],
    ['(1 + 2) * 3 - 10/4', 7],
    ['-7 / 2', -3],
    ['-7 % 3', -1],
    ['6 &^ 4 | 8 ^ 1', 11],
    ['^0', -1],
    ['^uint8(1)', 254],
    ['1 << 62 >> 60', 4],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', { $int: '9007199254740993' }],
    ['uint64(1) << 63', { $int: '9223372036854775808' }],
    ['-1 << 63', { $int: '-9223372036854775808' }],
    ['math.MaxUint64', { $int: '18446744073709551615' }],
    ['1.5e3', 1500],
    ['.25', 0.25],
    ['0x1p-2', 0.25],
    ['0x1.8p1', 3],
    ['1 / 2.0', 0.5],
    ['float32(0.1)', Math.fround(0.1)],
    ['int8(2.0)', 2],
    ["'a'", 'a'],
    ["'ä'", 'ä'],
    [String.raw`'\n'`, '\n'],
    [String.raw`'\''`, "'"],
    ["'a' + 1", 98],
    ['"a" + `b\\n`', 'ab\\n'],
    [String.raw`"tab\t\"é\x41\101\U0001F642"`, 'tab\t"éAA🙂'],
    [String.raw`"\xe4\xb8\x96"`, '世'],
    ['string(rune(65))', 'A'],
    ['len("äb")', 3],
    ['!true || 1 < 2 && "a" != "b"', true],
    ['1 == 1.0', true],
    ['time.Second * 2', 2_000_000_000],
    ['Y + 1', 42],
    ['Celsius(3) + Celsius(4)', 7],
  ])('%s', async (expression, value) => {
    expect(await valueOf(expression, 'import ("math"; "time")\nconst Y = 41\ntype Celsius int32')).toEqual(value)
  })

  test.each([
    'f()',
    'Unknown',
    'X',
    '1 / 0',
    'int8(128)',
    '"a" - "b"',
    '1 << 100000',
    '1 << -1',
    'other.Y',
    '1i',
    'uint8(1) + int8(1)',
    'len(f())',
  ])('what Go would not compile, or is not here, is left out: %s', async (expression) => {
    const { model, errors } = await read(
      `import "example.com/other"\nfunc f() int { return 1 }\nconst X = ${expression}`,
    )
    expect(errors).toEqual([])
    expect(model.packages).toEqual([])
  })

  test('integers of any size and spelling keep their value', async () => {
    const literal = fc
      .bigInt({ min: 0n, max: 2n ** 80n })
      .chain((value) =>
        fc
          .constantFrom(String(value), `0x${value.toString(16)}`, `0b${value.toString(2)}`, `0o${value.toString(8)}`)
          .map((text) => ({ value, text })),
      )
    await fc.assert(
      fc.asyncProperty(fc.array(literal, { minLength: 1, maxLength: 20 }), fc.boolean(), async (literals, negative) => {
        const { pkg } = await read(
          literals.map(({ text }, index) => `const C${index} = ${negative ? '-' : ''}${text}`).join('\n'),
        )
        const values = new Map(pkg().consts.map(({ name, value }) => [name, value]))
        for (const [index, { value }] of literals.entries()) {
          const found = values.get(`C${index}`)
          expect(BigInt(typeof found === 'object' ? found.$int : Number(found))).toBe(negative ? -value : value)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('strings survive quoting', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 10 }), async (texts) => {
        const { pkg } = await read(texts.map((text, index) => `const C${index} = ${goString(text)}`).join('\n'))
        expect(new Map(pkg().consts.map(({ name, value }) => [name, value]))).toEqual(
          new Map(texts.map((text, index) => [`C${index}`, text])),
        )
      }),
      { numRuns: 30 },
    )
  })
})

// Go's escapes are JSON's, except for the ones of half a surrogate pair, which graphemes do not have.
const goString = (text: string): string => JSON.stringify(text).replaceAll('\u007f', String.raw`\x7f`)

describe('constants for the client', () => {
  test('features 90 and 118: are those with a declaration of their own, the first of a group, and the exported rest of one', async () => {
    const { pkg } = await read(`
const Alone = 1
const hidden = "h"
const A, B = 1, "two"
const (
	First = 10
	Second = 20
	third = 30
	_ = 40
)
const (
	Negative = -1
	After
)
// @restream.Ignore
const Secret = "s"
const (
	// @restream.Ignore
	Quiet = 1
	Loud = 2
)
// @restream.Ignore
const (
	None = 1
	Neither = 2
)`)
    expect(pkg().consts).toEqual([
      { name: 'A', value: 1, origin: 'const' },
      { name: 'After', value: -1, origin: 'const' },
      { name: 'Alone', value: 1, origin: 'const' },
      { name: 'B', value: 'two', origin: 'const' },
      { name: 'First', value: 10, origin: 'firstOfGroup' },
      { name: 'Loud', value: 2, origin: 'const' },
      { name: 'Negative', value: -1, origin: 'const' },
      { name: 'Second', value: 20, origin: 'const' },
      { name: 'hidden', value: 'h', origin: 'const' },
    ])
    expect(pkg().ignoredConsts).toEqual(['Neither', 'None', 'Quiet', 'Secret'])
  })
})

describe('enums', () => {
  test('have iota, holes, repetition, expressions and conversions', async () => {
    const { pkg, errors } = await read(`
type Size uint8
const (
	SizeS Size = iota + 1
	SizeM
	_
	SizeXL
)
type Bits uint64
const (
	BitsNone Bits = 0
	BitsA Bits = 1 << (iota - 1)
	BitsB
	BitsTop = Bits(1 << 63)
	BitsBoth = BitsA | BitsB
)
type Level int
const LevelLow, LevelHigh Level = -1, 0x_10
type Letter rune
const LetterA Letter = 'a'
type Word string
const WordB Word = "b" + "!"
const WordA = Word("a")
type E int8
const E0 E = 0`)
    expect(errors).toEqual([])
    const members = new Map(
      pkg().enums.map((found) => [found.name, found.members.map(({ name, value }) => [name, value])]),
    )
    expect([...members.keys()]).toEqual(['Size', 'Bits', 'Level', 'Letter', 'Word', 'E'])
    expect(members.get('Size')).toEqual([
      ['S', 1],
      ['M', 2],
      ['XL', 4],
    ])
    expect(members.get('Bits')).toEqual([
      ['None', 0],
      ['A', 1],
      ['B', 2],
      ['Both', 3],
      ['Top', { $int: '9223372036854775808' }],
    ])
    expect(members.get('Level')).toEqual([
      ['Low', -1],
      ['High', 16],
    ])
    expect(members.get('Letter')).toEqual([['A', 97]])
    expect(members.get('Word')).toEqual([
      ['A', 'a'],
      ['B', 'b!'],
    ])
    expect(members.get('E')).toEqual([['E0', 0]])
  })

  test('export the first of a group as the reference does, and not the other members', async () => {
    const { pkg } = await read(
      'type Size uint8\nconst (\n\tSizeS Size = iota\n\tSizeM\n)\ntype Bit uint8\nconst (\n\tBitA Bit = 1 << iota\n\tBitB\n)',
    )
    expect(pkg().consts).toEqual([{ name: 'SizeS', value: 0, origin: 'firstOfGroup' }])
  })

  test('have members in other files of the package, and none from other packages', async () => {
    const { pkg } = await read({
      'shop/a.go': 'package shop\ntype Size uint8',
      'shop/b.go': 'package shop\nconst SizeS Size = 1',
      'other/c.go': 'package other\nimport "example.com/shop/shop"\nconst SizeL shop.Size = 2',
    })
    expect(pkg().enums[0]?.members.map(({ goName }) => goName)).toEqual(['SizeS'])
    expect(pkg('other').consts).toEqual([{ name: 'SizeL', value: 2, origin: 'const' }])
  })

  test.each([
    ['constant', 'type Size uint8\nconst «SizeS Size = 256'],
    ['constant', 'import "example.com/foreign"\ntype Size uint8\nconst «SizeS Size = foreign.Size'],
    ['enum-member', 'type Size uint8\nconst Small Size = 1\nconst «SizeSmall Size = 2'],
  ])('with a member that cannot be: %s', async (code, source) => {
    const { errors, marks } = await read(source)
    expect(errors.map((error) => error.code)).toEqual([code])
    expect(errors[0]).toMatchObject(marks[0] as object)
  })
})
