import { describe, expect, test } from 'vitest'
import { isRivuletError, namedStruct, structOf, type StructDef, type Types, zeroOf, zeroWith } from '../src/index.ts'

const field = (name: string, type: StructDef['fields'][number]['type']): StructDef['fields'][number] => ({
  name,
  id: 1,
  type,
})

const types: Types = [
  {
    't.Outer': { form: 'partial', fields: [field('inner', { kind: 'struct', ref: 't.Inner' })] },
    't.Inner': { form: 'partial', fields: [field('n', { kind: 'int32' })] },
    't.Loop': { form: 'partial', fields: [field('me', { kind: 'struct', ref: 't.Loop' })] },
    't.Odd': { form: 'partial', fields: [{ name: 'x', id: 0, type: { kind: 'bool' } }] },
    't.List': {
      form: 'partial',
      fields: [field('next', { kind: 'pointer', elem: { kind: 'struct', ref: 't.List' } })],
    },
  },
]

function refusal(run: () => unknown): { readonly code: string; readonly message: string } {
  try {
    run()
  } catch (e) {
    if (isRivuletError(e)) return e
    throw e
  }
  throw new Error('it was accepted')
}

describe('zeroWith', () => {
  test('gives what zeroOf gives', () => {
    const node = { kind: 'struct', ref: 't.Outer' } as const
    expect(zeroWith(namedStruct, types, node)).toEqual({ inner: { n: 0 } })
    expect(zeroWith(namedStruct, types, node)).toEqual(zeroOf(types, node))
    expect(zeroWith(namedStruct, types, { kind: 'struct', ref: 't.List' })).toEqual({ next: null })
  })

  test('ends for a struct that contains itself, checked or not', () => {
    const node = { kind: 'struct', ref: 't.Loop' } as const
    expect(refusal(() => zeroWith(namedStruct, types, node))).toMatchObject({ code: 'schema' })
    expect(refusal(() => zeroOf(types, node)).message).toContain('"t.Loop"')
  })
})

describe('namedStruct', () => {
  test('does not check, structOf does', () => {
    expect(namedStruct(types, 't.Odd').fields).toHaveLength(1)
    expect(refusal(() => structOf(types, 't.Odd')).code).toBe('schema')
  })

  test('refuses a name that no table has, also one that every object has', () => {
    expect(refusal(() => namedStruct(types, 't.None'))).toMatchObject({ code: 'schema' })
    expect(refusal(() => namedStruct(types, 'toString')).message).toContain('toString')
  })
})
