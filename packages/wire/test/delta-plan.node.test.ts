import { expect, test } from 'vitest'
import { planOf } from '../src/index.ts'
import { modelTypes, schema } from './support/model.ts'
import { type NeutralNode, neutralNode } from './support/neutral.ts'

const types = modelTypes('bigint')

/** What the generator of the golden model calls a helper, in our terms. */
const shapes: Readonly<Record<string, readonly string[]>> = {
  scalar: ['scalar'],
  pointer: ['scalar'],
  value: ['value'],
  array: ['list', 'bytes'],
  modArray: ['list'],
  map: ['map'],
  modMap: ['map'],
}

const fields = schema.packages.flatMap((pkg) =>
  pkg.structs.flatMap((struct) =>
    struct.fields.flatMap((field) =>
      field.partial === undefined ? [] : [[`${pkg.name}.${struct.name}`, field.goName, field.partial] as const],
    ),
  ),
)

test('the golden model has fields of every helper', () => {
  expect(new Set(fields.map(([, , partial]) => partial.helper))).toEqual(new Set(Object.keys(shapes)))
})

test.each(fields)('feature 195: %s.%s appears in deltas as its generator says', (ref, goName, partial) => {
  const at = schema.packages
    .flatMap((pkg) => pkg.structs.map((s) => [`${pkg.name}.${s.name}`, s] as const))
    .find(([name]) => name === ref)?.[1]
    .fields.findIndex((f) => f.goName === goName)
  const plan = planOf(types, ref).fields[at as number]
  expect(shapes[partial.helper]).toContain(plan?.shape)
  // Lists have indices where the generator names no key.
  expect({ value: plan?.value, key: plan?.key, sub: plan?.sub?.().ref }).toEqual({
    value: neutralNode(partial.value as NeutralNode, 'bigint'),
    key: partial.key === undefined ? plan?.key : neutralNode(partial.key, 'bigint'),
    sub: partial.sub,
  })
})
