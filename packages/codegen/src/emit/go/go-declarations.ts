import { RivuletError } from '@rivulet/wire'
import { partsOf } from '../../model/node-parts.ts'
import { partialShape } from '../../model/partial-shape.ts'
import type {
  ConstValue,
  SchemaConst,
  SchemaEnum,
  SchemaPackage,
  SchemaStore,
  SchemaStruct,
} from '../../model/schema-model.ts'
import type { Flavour, SchemaNode } from '../../model/schema-node.ts'
import type { GoFiles } from './go-files.ts'
import { upperFirst } from '../../model/ts-name.ts'
import { alignRows, goComment, goName, goString } from './go-file.ts'
import { goField, type GoImports } from './go-type.ts'

const ANNOTATIONS: Readonly<Record<Flavour, string>> = {
  flat: '// @restream.serializers',
  fielded: '// @restream.fields',
  partial: '// @restream.partials',
}

/** A struct with its annotation, its tags and the highest id that it ever used. */
export function structText(def: SchemaStruct, pkg: SchemaPackage, files: GoFiles, imports: GoImports): string {
  const ref = `${pkg.name}.${def.name}`
  if (def.flavour === 'partial') checkNesting(def, pkg, files)
  const rows = def.fields.map((field) => {
    const owner = `${ref}.${field.goName}`
    const { type, marks } = goField(field.node, owner, imports)
    const options = [...(field.id === undefined ? [] : [`fID=${field.id}`]), ...marks]
    const tag = options.length === 0 ? [] : [`\`restream:",${options.join()}"\``]
    return { comment: goComment(field.extra?.doc), cells: [goName(field.goName, owner), type, ...tag] }
  })
  const [first] = rows
  const highest = def.maxFieldID
  const marked =
    first === undefined || highest === undefined
      ? rows
      : [{ ...first, comment: [`// MAXFIELD(${highest})`, ...first.comment] }, ...rows.slice(1)]
  const head = [...goComment(def.extra?.doc), ANNOTATIONS[def.flavour]]
  return [...head, `type ${goName(def.name, ref)}${paramsOf(def)} struct {`, ...alignRows(marked, true), '}'].join('\n')
}

// Go decides by the files of both structs whether deltas reach into a field (wire.md §9.1).
function checkNesting(def: SchemaStruct, pkg: SchemaPackage, { index, fileOf }: GoFiles): void {
  const nests = (ref: string): boolean => {
    const { pkg: home, def: child } = index.struct(ref)
    return home === pkg && fileOf(child.name) === fileOf(def.name) && child.flavour === 'partial'
  }
  for (const { goName: name, node, partial } of def.fields) {
    const shape = partialShape(node, nests)
    if (shape.sub === partial?.sub) continue
    throw new RivuletError(
      'schema',
      `${pkg.name}.${def.name}.${name}: in Go, deltas ${shape.sub === undefined ? 'cannot' : 'would'} reach into it`,
      {
        hint:
          shape.sub === undefined
            ? `Declare ${partial?.sub} in the same source file.`
            : `Declare ${shape.sub} in another source file.`,
      },
    )
  }
}

function paramsOf({ typeParams = [], fields }: SchemaStruct): string {
  if (typeParams.length === 0) return ''
  const keys = new Set(fields.flatMap(({ node }) => keyParams(node)))
  return `[${typeParams.map((name) => `${name} ${keys.has(name) ? 'comparable' : 'any'}`).join(', ')}]`
}

function keyParams(node: SchemaNode): readonly string[] {
  const own = (node.kind === 'map' || node.kind === 'set') && node.key.kind === 'param' ? [node.key.name] : []
  return [...own, ...partsOf(node).flatMap(keyParams)]
}

/** A named primitive with constants. */
export function enumText(type: SchemaEnum, pkg: SchemaPackage): string {
  const name = goName(type.name, pkg.name)
  // Of a group the reference exports the first constant by itself: where the model knows which one that was, it stays the first.
  const exported = new Set(pkg.consts.filter(({ origin }) => origin === 'firstOfGroup').map((one) => one.name))
  const members = type.members.toSorted((a, b) => Number(exported.has(b.goName)) - Number(exported.has(a.goName)))
  const rows = members.map((member) => ({
    comment: goComment(member.extra?.doc),
    cells: [goName(member.goName, `${pkg.name}.${name}`), name, `= ${constText(member.value)}`],
  }))
  return [
    ...goComment(type.extra?.doc),
    `type ${name} ${type.kind}`,
    '',
    'const (',
    ...alignRows(rows, false),
    ')',
  ].join('\n')
}

/** The constants of a package that are not members of enums. */
export function constTexts(schema: SchemaPackage): readonly string[] {
  const { consts, enums, structs, namedTypes, stores, name: pkg } = schema
  const members = new Set(enums.flatMap((type) => type.members.map(({ goName: member }) => member)))
  const own = consts.filter(({ name, origin }) => origin !== 'storeName' && !members.has(name))
  const taken = new Set([
    ...[...enums, ...structs, ...namedTypes].map(({ name }) => name),
    ...stores.map(({ goStruct }) => goStruct),
    ...members,
  ])
  return own.map((one: SchemaConst) => {
    // Only what begins with a capital is seen by other packages.
    const name = goName(upperFirst(one.name), pkg)
    if (taken.has(name))
      throw new RivuletError('schema', `${pkg}.${one.name} would be ${name} in Go, which is there already`, {
        hint: 'Rename one of them.',
      })
    taken.add(name)
    return [...goComment(one.extra?.doc), `const ${name} = ${constText(one.value)}`].join('\n')
  })
}

function constText(value: ConstValue): string {
  if (typeof value === 'object') return value.$int
  return typeof value === 'string' ? goString(value) : String(value)
}

/** A store, with the method that protects it. The reference generator fills in the rest of the struct. */
export function storeText(store: SchemaStore, pkg: SchemaPackage, imports: GoImports): string {
  const owner = `the store "${store.name}"`
  const name = goName(store.goStruct, owner)
  if (pkg.structs.some((def) => def.name === name))
    throw new RivuletError('schema', `${owner} and a struct are both called ${pkg.name}.${name}`, {
      hint: `Call its state ${name}State.`,
    })
  if (/[(),"'`\n\r]/.test(store.name))
    throw new RivuletError('schema', `${owner} has a name that no annotation can have`, {
      hint: 'Leave out quotes, brackets and commas.',
    })
  const type = store.type === 'DeviceWithRelay' ? '' : `, ${store.type}`
  const state = imports.declared(store.state)
  const data = `*${imports.library('restream.StoreData')}[${state}, *${state}, *${state}Partial]`
  const body =
    state === `${name}State` ? [`type ${name} struct{}`] : [`type ${name} struct {`, `\tstoreData ${data}`, '}']
  const guard =
    store.minimumAccess === 0
      ? []
      : [
          '',
          '// GetMinimumAccessLevel says who may read the store.',
          `func (s *${name}) GetMinimumAccessLevel() ${imports.library('restream.AccessLevel')} {`,
          `\treturn ${store.minimumAccess}`,
          '}',
        ]
  return [...goComment(store.extra?.doc), `// @restream.store("${store.name}"${type})`, ...body, ...guard].join('\n')
}
