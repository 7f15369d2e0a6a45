import { describe, expect, test } from 'vitest'
import { gofmt } from '../support/go-tool.ts'
import { read } from '../support/read-sources.ts'

const fields = (body: string, annotation = 'fields'): string =>
  `// @restream.${annotation}\ntype A struct {\n${body}\n}`

async function assigned(body: string): Promise<string> {
  const { edits, errors } = await read(fields(body), { assignIds: true })
  expect(errors).toEqual([])
  const text = edits.get('shop/shop.go')
  if (text === undefined) throw new Error('nothing was edited')
  // Throws when Go does not accept the text.
  gofmt(text)
  // Another pass finds nothing to do.
  expect((await read({ 'shop/shop.go': text }, { assignIds: true })).edits.size).toBe(0)
  return text.slice(text.indexOf('{\n') + 2, text.lastIndexOf('\n}'))
}

describe('ids in the sources are checked', () => {
  test.each([
    ['missing-id', 'A.Y has no field id', '\t// MAXFIELD(1)\n\tX int8 `restream:",fID=1"`\n\t«Y int8'],
    [
      'duplicate-id',
      'A.Y has the field id 1 of X',
      '\t// MAXFIELD(1)\n\tX int8 `restream:",fID=1"`\n\tY int8 «`restream:",fID=1"`',
    ],
    ['id-range', 'A.X has the field id 0', '\t// MAXFIELD(1)\n\tX int8 «`restream:",fID=0"`'],
    ['id-range', 'A.X has the field id 256', '\t// MAXFIELD(256)\n\tX int8 «`restream:",fID=256"`'],
    ['max-field', 'A has the field id 3, above its MAXFIELD(2)', '\t«// MAXFIELD(2)\n\tX int8 `restream:",fID=3"`'],
  ])('%s: %s', async (code, message, body) => {
    const { errors, marks } = await read(fields(body))
    expect(errors.map((error) => [error.code, error.message])).toEqual([[code, message]])
    const [{ file, line, column } = { file: '', line: 0, column: 0 }] = errors
    expect({ file, line, column }).toEqual(marks[0])
  })

  test('without MAXFIELD there is a warning, and the highest id counts', async () => {
    const { errors, warnings, marks, struct } = await read(
      '// @restream.partials\ntype «A struct { X int8 `restream:",fID=7"` }',
    )
    expect(errors).toEqual([])
    expect(warnings.map(({ code, file, line, column }) => ({ code, file, line, column }))).toEqual([
      { code: 'max-field', ...marks[0] },
    ])
    expect(struct('A').maxFieldID).toBe(7)
  })

  test('MAXFIELD above the ids is kept: removed fields leave holes', async () => {
    const { diagnostics, struct } = await read(fields('\t// MAXFIELD(9)\n\tX int8 `restream:",fID=2"`'))
    expect(diagnostics).toEqual([])
    expect(struct('A').maxFieldID).toBe(9)
  })

  test('flat structs need no ids', async () => {
    expect((await read(fields('\tX int8', 'serializers'))).diagnostics).toEqual([])
  })
})

describe('assigned ids', () => {
  test('feature 86: go up from MAXFIELD in the order of the fields, over removed ones', async () => {
    const { struct } = await read(fields('\t// MAXFIELD(6)\n\tX int8\n\tY int8 `restream:",fID=2"`\n\tZ int8'), {
      assignIds: true,
    })
    expect(struct('A').fields.map(({ goName, id }) => [goName, id])).toEqual([
      ['X', 7],
      ['Y', 2],
      ['Z', 8],
    ])
    expect(struct('A').maxFieldID).toBe(8)
  })

  test.each([
    ['a field without a tag', '\tX int8', '\t// MAXFIELD(1)\n\tX int8 `restream:",fID=1"`'],
    ['a trailing comment', '\tX int8 // what\n', '\t// MAXFIELD(1)\n\tX int8 `restream:",fID=1"` // what\n'],
    ['a comment above', '\t// what\n\tX int8', '\t// MAXFIELD(1)\n\t// what\n\tX int8 `restream:",fID=1"`'],
    ['another tag', '\tX int8 `json:"x"`', '\t// MAXFIELD(1)\n\tX int8 `json:"x" restream:",fID=1"`'],
    ['an empty tag', '\tX int8 ``', '\t// MAXFIELD(1)\n\tX int8 `restream:",fID=1"`'],
    [
      'options',
      '\tX *int8 `restream:",notnil" json:"x"`',
      '\t// MAXFIELD(1)\n\tX *int8 `restream:",fID=1,notnil" json:"x"`',
    ],
    ['an empty restream', '\tX *int8 `restream:""`', '\t// MAXFIELD(1)\n\tX *int8 `restream:",fID=1"`'],
    ['a comma alone', '\tX *int8 `restream:","`', '\t// MAXFIELD(1)\n\tX *int8 `restream:",fID=1"`'],
    ['a quoted tag', '\tX int8 "json:\\"x\\""', '\t// MAXFIELD(1)\n\tX int8 "json:\\"x\\" restream:\\",fID=1\\""'],
    [
      'MAXFIELD with words around it',
      '\t// ids: MAXFIELD(4), do not reuse\n\tX int8',
      '\t// ids: MAXFIELD(5), do not reuse\n\tX int8 `restream:",fID=5"`',
    ],
    [
      'a MAXFIELD that is too low',
      '\t// MAXFIELD(1)\n\tX int8 `restream:",fID=3"`',
      '\t// MAXFIELD(3)\n\tX int8 `restream:",fID=3"`',
    ],
    [
      'several names',
      '\tX, Y int8 `json:"-"`',
      '\t// MAXFIELD(2)\n\tX int8 `json:"-" restream:",fID=1"`\n\tY int8 `json:"-" restream:",fID=2"`',
    ],
    [
      'odd spacing',
      '  X   map[string]  int8\n\n\n\tY int8',
      '  // MAXFIELD(2)\n  X   map[string]  int8 `restream:",fID=1"`\n\n\n\tY int8 `restream:",fID=2"`',
    ],
    [
      'letters of more than one byte',
      '\tÄÖ string // größer 🙂\n\tX int8',
      '\t// MAXFIELD(2)\n\tÄÖ string `restream:",fID=1"` // größer 🙂\n\tX int8 `restream:",fID=2"`',
    ],
  ])('edit the source, and nothing else in it: %s', async (_, before, after) => {
    expect(await assigned(before)).toBe(after)
  })

  test('open up a struct on one line', async () => {
    const { edits } = await read('// @restream.fields\ntype A struct { X int8; Y bool }', { assignIds: true })
    const text = edits.get('shop/shop.go') as string
    expect(text).toBe(
      'package shop\n\n// @restream.fields\ntype A struct {\n\t// MAXFIELD(2)\n\t X int8 `restream:",fID=1"`; Y bool `restream:",fID=2"` }',
    )
    const again = await read({ 'shop/shop.go': text })
    expect(again.diagnostics).toEqual([])
    expect(again.struct('A').fields.map(({ id }) => id)).toEqual([1, 2])
  })

  test('keep line ends', async () => {
    const source = 'package shop\r\n\r\n// @restream.fields\r\ntype A struct {\r\n\tX int8\r\n}\r\n'
    const { edits } = await read({ 'shop/shop.go': source }, { assignIds: true })
    expect(edits.get('shop/shop.go')).toBe(
      'package shop\r\n\r\n// @restream.fields\r\ntype A struct {\r\n\t// MAXFIELD(1)\r\n\tX int8 `restream:",fID=1"`\r\n}\r\n',
    )
  })

  test('change only files that need it, and none at all when something is wrong', async () => {
    const complete =
      'package shop\n// @restream.fields\ntype B struct {\n\t// MAXFIELD(1)\n\tX int8 `restream:",fID=1"`\n}'
    const open = 'package shop\n// @restream.fields\ntype A struct {\n\tX int8\n}'
    const sources = { 'shop/a.go': open, 'shop/b.go': complete }
    expect([...(await read(sources, { assignIds: true })).edits.keys()]).toEqual(['shop/a.go'])
    expect((await read(sources)).edits.size).toBe(0)
    const broken = await read(
      { ...sources, 'shop/c.go': 'package shop\n// @restream.fields\ntype C struct { X chan int }' },
      { assignIds: true },
    )
    expect(broken.errors).toHaveLength(1)
    expect(broken.edits.size).toBe(0)
  })

  test('end at 255', async () => {
    const { errors, marks } = await read(fields('\t// MAXFIELD(254)\n\tX int8\n\t«Y int8'), { assignIds: true })
    expect(errors.map(({ code, line, column }) => ({ code, line, column }))).toEqual([
      { code: 'id-range', line: marks[0]?.line, column: marks[0]?.column },
    ])
  })
})
