import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { SchemaField, SchemaModel, SchemaNode, SchemaStruct } from '../../src/index.ts'
import { isSayable, plainStyle, printEnum, printType } from '../support/print-ts.ts'
import { readTs } from '../support/read-ts.ts'

const text = readFileSync(new URL('../../../../vectors/restream/schema.json', import.meta.url), 'utf8')

// One package, without what only Go has: its names for basic types, and pointers that say that they are not nil.
const model = JSON.parse(text.replaceAll(/"(glass|units|pump)\.(?=[A-Z])/g, '"schema.'), (key, value: unknown) =>
  key === 'goType' ? undefined : value,
) as SchemaModel
const structs = model.packages.flatMap((pkg) => pkg.structs)
const enums = model.packages.flatMap((pkg) => pkg.enums)
const named = model.packages.flatMap((pkg) => pkg.namedTypes)
const FLAVOURS = { flat: 'serializers', fielded: 'fields', partial: 'partials' } as const

function printStruct({ name, flavour, file, typeParams = [], fields }: SchemaStruct): string {
  const lines = fields
    .filter(({ node }) => isSayable(node))
    .map(({ id, goName, tsName, node }) => {
      const tag = id === undefined ? '' : ` @id ${id}`
      return `  /** @name ${goName}${tag} */ readonly ${tsName}: ${printType(node, plainStyle)}`
    })
  const params = typeParams.length === 0 ? '' : `<${typeParams.join(', ')}>`
  return `/** @restream.${FLAVOURS[flavour]} @restream.file(${file}) */\nexport interface ${name}${params} {\n${lines.join('\n')}\n}`
}

const source = [
  ...enums.map(printEnum),
  ...named.map(({ name, kind }) => `export type ${name} = ${kind === 'bool' ? 'boolean' : kind}`),
  ...structs.map(printStruct),
].join('\n')

test('the golden model, written as TypeScript, is the same model where TypeScript can say it', () => {
  const { diagnostics, pkg } = readTs(source)
  expect(diagnostics).toEqual([])
  const sayable = ({ fields, maxFieldID, ...rest }: SchemaStruct) => ({
    ...rest,
    fields: fields.filter(({ node }) => isSayable(node)),
    // The highest id ever used may be that of a field which TypeScript cannot say.
    ...(maxFieldID === undefined || fields.some(({ node }) => !isSayable(node)) ? {} : { maxFieldID }),
  })
  const compared = new Set(
    structs.filter(({ fields }) => fields.every(({ node }) => isSayable(node))).map((s) => s.name),
  )
  expect(structs.map(sayable).toSorted(byName)).toEqual(
    pkg.structs.map((struct) => (compared.has(struct.name) ? struct : { ...struct, maxFieldID: undefined })),
  )
  const used = JSON.stringify(structs)
  const isUsed = ({ name }: { readonly name: string }): boolean => used.includes(`"schema.${name}"`)
  expect(pkg.enums).toEqual(enums.filter(isUsed).toSorted(byName))
  expect(pkg.namedTypes).toEqual(named.filter(isUsed).toSorted(byName))
})

test('what TypeScript cannot say is a pointer that is never null', () => {
  const left = structs.flatMap((struct) =>
    struct.fields.filter(({ node }) => !isSayable(node)).map((field): [string, SchemaField] => [struct.name, field]),
  )
  expect(left.length).toBeGreaterThan(0)
  expect(left.length).toBeLessThan(20)
  const hasTightPointer = (node: SchemaNode): boolean =>
    (node.kind === 'pointer' && node.notNull === true) ||
    ('elem' in node && hasTightPointer(node.elem)) ||
    (node.kind === 'map' && hasTightPointer(node.value))
  expect(left.filter(([, { node }]) => !hasTightPointer(node))).toEqual([])
})

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
