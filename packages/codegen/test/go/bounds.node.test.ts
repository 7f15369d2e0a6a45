import { describe, expect, test } from 'vitest'
import { read } from '../support/read-sources.ts'

const times = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n')

describe('sources that no person writes end in a model or in errors', () => {
  test.each([
    ['pointers', `// @restream.serializers\ntype A struct { X ${'*'.repeat(5000)}int }`, 'unsupported-type'],
    ['lists', `// @restream.serializers\ntype A struct { X ${'[]'.repeat(5000)}int }`, 'unsupported-type'],
    ['maps', `// @restream.serializers\ntype A struct { X ${'map[string]'.repeat(5000)}int }`, 'unsupported-type'],
    [
      'functions',
      `func f(d any) { d.RegisterFFRPCHandler("A", 0, func(${'func('.repeat(3000)}${')'.repeat(3000)}) {}) }`,
      'unsupported-type',
    ],
    [
      'aliases',
      `${times(2000, (i) => `type A${i} = A${i + 1}`)}\n// @restream.serializers\ntype B struct { X A0 }`,
      'unknown-type',
    ],
    ['embedded structs', times(300, (i) => `// @restream.serializers\ntype A${i} struct { A${i + 1} }`), 'embedded'],
    ['parentheses that do not close', `const X = ${'('.repeat(5000)}`, 'syntax'],
  ])('%s: an error', async (_, source, code) => {
    const { errors } = await read(source)
    expect(errors.map((error) => error.code)).toContain(code)
    for (const { message } of errors) expect(message.length).toBeLessThan(300)
  })

  test('long chains of constants and deep expressions are evaluated, or left out', async () => {
    const { pkg, errors } = await read(
      `const A0 = 1\n${times(150, (i) => `const A${i + 1} = A${i} + 1`)}\nconst Far = ${'('.repeat(5000)}1${')'.repeat(5000)}\nconst Loop = Loop2\nconst Loop2 = Loop`,
    )
    expect(errors).toEqual([])
    expect(pkg().consts.find(({ name }) => name === 'A150')?.value).toBe(151)
    expect(pkg().consts.filter(({ name }) => !name.startsWith('A'))).toEqual([])
  })

  test('a thousand registrations in one function, among variables', async () => {
    const { pkg, diagnostics } = await read(`type T struct{}
func (t *T) Do(x int8) error { return nil }
func f(d any) {
	t := &T{}
${times(1000, (i) => `\tv${i} := t\n\td.RegisterRPCHandler("R${i}", 0, v${i}.Do)`)}
}`)
    expect(diagnostics).toEqual([])
    expect(pkg().rpcs).toHaveLength(1000)
    expect(pkg().packets).toHaveLength(2000)
  })

  test('a circle of a thousand structs', async () => {
    const { pkg, errors } = await read(
      times(1000, (i) => `// @restream.serializers\ntype A${i} struct { Next *A${(i + 1) % 1000} }`),
    )
    expect(errors).toEqual([])
    expect(pkg().structs).toHaveLength(1000)
  })

  test('a chain of variables that leads back to itself', async () => {
    const { errors } = await read(
      'var a = b\nvar b = a\ntype S struct { *S }\nfunc f(d any, s S) {\n\td.RegisterFFRPCHandler("A", 0, a)\n\td.RegisterFFRPCHandler("B", 0, s.Nothing)\n}',
    )
    expect(errors.map(({ code }) => code)).toEqual(['handler', 'handler'])
  })
})
