import { describe, expect, test } from 'vitest'
import { readTs } from '../support/read-ts.ts'

const struct = (members: string, tags = ''): string => `/** @restream.fields ${tags} */ interface S { ${members} }\n`

/** Reads one version of the sources after another, each with the lock file of the one before. */
function history(...versions: readonly string[]) {
  let lock: string | undefined
  return versions.map((version) => {
    const reading = readTs(version, lock === undefined ? {} : { lock })
    expect(reading.errors).toEqual([])
    lock = reading.lock?.text
    const ids = Object.fromEntries(
      reading.pkg.structs.flatMap(({ name, fields }) => fields.map(({ tsName, id }) => [`${name}.${tsName}`, id])),
    )
    return { ids, text: lock as string, changed: reading.lock?.changed, max: reading.pkg.structs[0]?.maxFieldID }
  })
}

describe('the lock file', () => {
  test('has a block per struct and a line per field, sorted, and says what is next', () => {
    const [first, second] = history(
      `${struct('b: string; a: readonly (string | null)[]')}/** @restream.partials */ interface B { x: S | null; m: ReadonlyMap<E, Box<unknown> | null> | null }\nenum E { A }`,
      `${struct('a: readonly (string | null)[]; c: G<bigint>')}/** @restream.partials */ interface B { x: S | null; m: ReadonlyMap<E, Box<unknown> | null> | null }\nenum E { A }\ninterface G<T> { a: T }`,
    )
    expect(first?.text).toBe(`{
  "format": "rivulet-lock/1",
  "structs": {
    "B": {
      "next": 3,
      "fields": {
        "m": { "id": 2, "type": "Map<int32, Box<any> | null> | null" },
        "x": { "id": 1, "type": "S | null" }
      },
      "retired": []
    },
    "S": {
      "next": 3,
      "fields": {
        "a": { "id": 2, "type": "(string | null)[]" },
        "b": { "id": 1, "type": "string" }
      },
      "retired": []
    }
  }
}
`)
    expect(second?.text).toContain(`"S": {
      "next": 4,
      "fields": {
        "a": { "id": 2, "type": "(string | null)[]" },
        "c": { "id": 3, "type": "G<int64>" }
      },
      "retired": [
        { "id": 1, "name": "b", "type": "string" }
      ]
    }`)
  })

  test('does not change when nothing does, nor when declarations and fields are moved', () => {
    const [first, same, moved] = history(
      struct('a: string; b: string'),
      struct('a: string; b: string'),
      `\n\n${struct('b: string; a: string')}`,
    )
    expect([first?.changed, same?.changed, moved?.changed]).toEqual([true, false, false])
    expect(moved?.ids).toEqual({ 'S.a': 1, 'S.b': 2 })
  })

  test('of a project without ids is empty, and need not be there', () => {
    const { lock } = readTs('/** @restream.serializers */ interface S { a: string }')
    expect(lock).toEqual({
      path: 'rivulet.lock.json',
      text: '{\n  "format": "rivulet-lock/1",\n  "structs": {}\n}\n',
      changed: false,
    })
  })
})

describe('ids', () => {
  test('of what is gone stay taken', () => {
    const [, , third] = history(struct('a: string; b: string'), struct('a: string'), struct('a: string; c: string'))
    expect(third?.ids).toEqual({ 'S.a': 1, 'S.c': 3 })
    expect(third?.max).toBe(3)
  })

  test('come back with a field of the same name and type, and with no other', () => {
    const [, , same] = history(struct('a: string; b: int32'), struct('a: string'), struct('a: string; b: int32'))
    expect(same?.ids).toEqual({ 'S.a': 1, 'S.b': 2 })
    const [, , other] = history(struct('a: string; b: int32'), struct('a: string'), struct('a: string; b: string'))
    expect(other?.ids).toEqual({ 'S.a': 1, 'S.b': 3 })
  })

  test('stay with a field that says what it was, for as long as the tag is there', () => {
    const renamed = struct('/** @was a */ c: string; b: string')
    const [, second, third, fourth] = history(
      struct('a: string; b: string'),
      renamed,
      renamed,
      struct('/** @was a */ c: string; b: string; d: string'),
    )
    expect(second?.ids).toEqual({ 'S.c': 1, 'S.b': 2 })
    expect(third).toEqual({ ...second, changed: false })
    expect(fourth?.ids).toEqual({ 'S.c': 1, 'S.b': 2, 'S.d': 3 })
    expect(fourth?.text).not.toContain('"a"')
  })

  test('stay with a renamed field that was taken for gone in between', () => {
    const [, , third] = history(
      struct('a: string; b: string'),
      struct('b: string'),
      struct('b: string; /** @was a */ c: int32'),
    )
    expect(third?.ids).toEqual({ 'S.b': 2, 'S.c': 1 })
  })

  test('stay with a struct that says what it was', () => {
    const [, second, third] = history(
      struct('a: string; b: string'),
      '/** @restream.fields @was S */ interface T { b: string; c: string }',
      '/** @restream.fields @was S */ interface T { b: string; c: string }',
    )
    expect(second?.ids).toEqual({ 'T.b': 2, 'T.c': 3 })
    expect(third?.changed).toBe(false)
    expect(second?.text).not.toContain('"S"')
  })

  test('of a struct that is gone stay taken', () => {
    const [, gone, back] = history(struct('a: string'), '', struct('a: int32'))
    expect(gone?.text).toContain('{ "id": 1, "name": "a", "type": "string" }')
    expect(back?.ids).toEqual({ 'S.a': 2 })
  })

  test('of tags are taken, and the next one is above them', () => {
    const [first] = history(struct('a: string; /** @id 7 */ b: string; c: string; /** @id 2 */ d: string'))
    expect(first?.ids).toEqual({ 'S.a': 8, 'S.b': 7, 'S.c': 9, 'S.d': 2 })
  })

  test('of 255 fields are given, of one more not, those that are gone counted', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, n) => `f${n}: string`).join('; ')
    const [all] = history(struct(many(255)))
    expect(all?.max).toBe(255)
    const { errors, marks } = readTs(struct(`${many(254)}; «g: string`), { lock: all?.text as string })
    expect(errors).toMatchObject([{ code: 'id-range', ...marks[0] }])
    expect(readTs(struct(many(254)), { lock: all?.text as string }).errors).toEqual([])
  })
})

describe('tags that cannot be', () => {
  const before = history(struct('a: string; b: string; gone: string'), struct('a: string; b: string'))[1]
    ?.text as string

  test.each([
    [struct('/** «@id 5 */ a: string; b: string'), 'moved-id', 'S.a has the id 1, which cannot become 5'],
    [struct('a: string; b: string; /** «@id 1 */ c: string'), 'duplicate-id', 'S.c and S.a both have the id 1'],
    [struct('/** @id 8 */ c: string; /** «@id 8 */ d: string'), 'duplicate-id', 'S.d and S.c both have the id 8'],
    [
      struct('a: string; b: string; /** «@id 3 */ c: string'),
      'reused-id',
      'S.c cannot have the id 3, which was that of gone',
    ],
    [struct('a: string; /** «@id 2 */ c: string'), 'reused-id', 'S.c cannot have the id 2, which was that of b'],
    [struct('/** «@id 0 */ c: string'), 'id-range', undefined],
    [struct('/** «@id 256 */ c: string'), 'id-range', undefined],
    [struct('/** «@id x */ c: string'), 'id-range', undefined],
    [struct('/** «@id */ c: string'), 'id-range', undefined],
    [struct('a: string; /** «@was a */ c: string'), 'renamed', 'S.c was a, which is still there'],
    [struct('/** «@was never */ c: string'), 'renamed', 'S.c was never, which never was'],
    [struct('/** @was a */ c: string; /** «@was a */ d: string'), 'renamed', 'S.d was a, which never was'],
    [
      `${struct('a: string')}/** @restream.fields «@was S */ interface T { a: string }`,
      'renamed',
      'T was S, which is still there',
    ],
    [
      '/** @restream.fields «@was Never */ interface T { a: string }',
      'renamed',
      'the lock file has no Never that T was',
    ],
  ])('%s: %s', (source, code, message) => {
    const { errors, marks, lock } = readTs(source, { lock: before })
    expect(errors.map((error) => error.code)).toEqual([code])
    expect(errors[0]).toMatchObject({ ...marks[0], ...(message === undefined ? {} : { message }) })
    expect(lock).toBeUndefined()
  })

  test('an id of its own, or one that was its own, may be said', () => {
    const { errors } = readTs(struct('/** @id 1 */ a: string; b: string; /** @id 3 */ gone: string'), { lock: before })
    expect(errors).toEqual([])
  })
})

describe('a lock file that cannot be read', () => {
  const good = history(struct('a: string; b: string'))[0]?.text as string

  test.each([
    [
      'marks of a merge',
      good.replace('      "next"', '<<<<<<< ours\n      "next"'),
      5,
      1,
      'the lock file has the marks of a merge conflict',
    ],
    ['one id twice', good.replace('"id": 2', '"id": 1'), 8, 22, 'S.b and S.a both have the id 1'],
    ['one field twice', good.replace('"b"', '"a"'), 8, 9, '"a" is there twice'],
    [
      'an id above the next',
      good.replace('"next": 3', '"next": 2'),
      8,
      22,
      'S.b has the id 2, and the next would be 2',
    ],
    [
      'a retired id twice',
      good.replace('"retired": []', '"retired": [{ "id": 1, "name": "z", "type": "string" }]'),
      10,
      27,
      'S.z and S.a both have the id 1',
    ],
    ['no JSON', good.replace('"next": 3,', '"next" 3,'), 5, undefined, 'the lock file is no JSON'],
    ['code', good.replace('"next": 3', '"next": 1 + 2'), 5, 15, 'a number from 1 to 256 is expected here'],
    ['a number of another kind', good.replace('"next": 3', '"next": 300'), 5, 15, undefined],
    ['a name without quotes', good.replace('"next": 3', 'next: 3'), 5, 7, 'the lock file is no JSON'],
    ['something missing', good.replace('"next": 3,', ''), 4, 10, '"next" is missing'],
    ['no object', good.replace('{ "id": 1, "type": "string" }', '1'), 7, 14, 'an object is expected here'],
    ['no list', good.replace('[]', '{}'), 10, 18, 'a list is expected here'],
    ['a hole', good.replace('[]', '[,]'), 10, 18, 'the lock file is no JSON'],
    ['no text', good.replace('"string"', '1'), 7, 33, 'a string is expected here'],
    ['another format', good.replace('lock/1', 'lock/2'), 2, 13, 'the lock file has another format than rivulet-lock/1'],
    ['a list', '[]', 1, 1, 'an object is expected here'],
    ['nothing', '', 1, 1, undefined],
  ])('%s', (_, lock, line, column, message) => {
    const reading = readTs(struct('a: string; b: string; c: string'), { lock })
    expect(reading.errors).toMatchObject([
      { code: 'lock', file: 'rivulet.lock.json', line, ...(column === undefined ? {} : { column }) },
    ])
    expect(reading.errors[0]?.message).toBe(message ?? reading.errors[0]?.message)
    expect(reading.errors[0]?.hint).toMatch(/\.$/)
    expect(reading.lock).toBeUndefined()
  })
})

describe('frozen', () => {
  const lock = history(struct('a: string; b: string'))[0]?.text as string

  test('is content with a lock file that is complete', () => {
    expect(readTs(struct('b: string; a: string'), { lock, frozen: true }).errors).toEqual([])
    expect(readTs('', { frozen: true }).errors).toEqual([])
  })

  test.each([
    [struct('a: string; b: string; «c: string'), 'S.c has no id in the lock file'],
    [struct('a: string; «b: int32'), 'S.b is int32, and string in the lock file'],
    ['/** @restream.fields */ interface «S { a: string }', 'S.b is gone, and its id is not retired'],
    ['/** @restream.fields @was S */ interface «T { a: string; b: string }', 'T was S, and still is in the lock file'],
    ['«', 'S is gone, and its ids are not retired'],
  ])('%s: %s', (source, message) => {
    const { errors, marks } = readTs(source, { lock, frozen: true })
    const at = source === '«' ? { file: 'rivulet.lock.json', line: 0, column: 0 } : marks[0]
    expect(errors).toMatchObject([{ code: 'frozen-lock', message, ...at }])
  })

  test('of a file that somebody formatted', () => {
    const { errors } = readTs(struct('a: string; b: string'), { lock: JSON.stringify(JSON.parse(lock)), frozen: true })
    expect(errors).toMatchObject([{ code: 'frozen-lock', message: 'the file is not as it is written' }])
  })
})
