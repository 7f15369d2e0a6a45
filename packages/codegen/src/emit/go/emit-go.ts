import { RivuletError } from '@rivulet/wire'
import { partsOf } from '../../model/node-parts.ts'
import type { SchemaModel, SchemaPackage } from '../../model/schema-model.ts'
import type { EmittedFile } from '../emitted-file.ts'
import { indexModel, type ModelIndex } from '../model-index.ts'
import { sortModel } from '../sort-model.ts'
import { constTexts, enumText, storeText, structText } from './go-declarations.ts'
import { goFiles } from './go-files.ts'
import { packetTexts } from './go-packets.ts'
import { registrationTexts } from './go-registrations.ts'
import { goComment, goName, goPackageName } from './go-file.ts'
import type { GoImports } from './go-type.ts'

/** How Go packages are written. */
export interface GoOptions {
  /** Import path of the folder in which the packages' folders are: the module's, and the output folder below it. */
  readonly importPath: string
  /**
   * What calls and events become: `client` (the default), the structs that they carry, for a program that calls and hears; `host`, functions that register them, for
   * a device or host that answers and fires.
   */
  readonly role?: 'client' | 'host'
}

/** Where the reference's Go library is. */
const LIBRARIES: Readonly<Record<string, string>> = {
  context: 'context',
  reflect: 'reflect',
  time: 'time',
  restream: 'github.com/boatkit-io/restream/pkg/restream',
  subscribableevent: 'github.com/boatkit-io/tugboat/pkg/subscribableevent',
}

/**
 * A model as annotated Go packages, a folder for each: structs with the field ids that they have, named primitives, enums, constants, stores, and
 * calls and events as the {@link GoOptions} say. The reference's generator makes a Go device or client out of them that speaks with the model's hosts and pages
 * (spec: codegen.md §1, §4).
 *
 * Not in them: data streams, because a Go host's broker decides while it runs which there are.
 *
 * @throws RivuletError `schema` for what Go cannot say: names, not-null marks further in than tags reach, packages that import each other, structs whose
 * files give other deltas than the model's, packets that no Go function has as its parameters (`host`).
 *
 * @example
 * for (const { path, text } of emitGo(model, { importPath: 'example.com/game/model' })) write(join('model', path), text)
 */
export function emitGo(model: SchemaModel, { importPath, role = 'client' }: GoOptions): readonly EmittedFile[] {
  const index = indexModel(sortModel(model))
  checkCircles(index)
  return index.model.packages
    .flatMap((pkg) => packageFiles(pkg, index, { importPath, role }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function packageFiles(
  pkg: SchemaPackage,
  index: ModelIndex,
  { importPath, role }: Required<GoOptions>,
): readonly EmittedFile[] {
  const name = goPackageName(pkg.name)
  const main = `${name}.go`
  const layout = goFiles(pkg, index)
  const files = new Map(layout.files)
  const shared = [pkg.enums, pkg.namedTypes, pkg.stores, constTexts(pkg)].some((list) => list.length > 0)
  if (shared && !files.has(main)) files.set(main, [])
  const parts = [...files].map(([file, structs]) => {
    const imports = createGoImports(pkg, importPath)
    const texts = [
      ...(file === main ? sharedParts(pkg, imports) : []),
      ...structs.map((def) => structText(def, pkg, layout, imports)),
    ]
    return fileOf(name, file, imports, texts)
  })
  if (pkg.packets.length === 0) return parts
  const imports = createGoImports(pkg, importPath)
  const texts = role === 'host' ? registrationTexts({ pkg, index, imports }) : packetTexts(pkg, imports)
  const file = freeName(role === 'host' ? 'registrations' : 'packets', new Set(files.keys()))
  return [...parts, fileOf(name, file, imports, texts)]
}

function fileOf(name: string, file: string, imports: FileImports, texts: readonly string[]): EmittedFile {
  const text = [`package ${name}`, ...imports.text(), ...texts].join('\n\n')
  return { path: `${name}/${file}`, text: `${text}\n` }
}

function freeName(stem: string, taken: ReadonlySet<string>): string {
  let file = `${stem}.go`
  for (let count = 2; taken.has(file); count++) file = `${stem}${count}.go`
  return file
}

type FileImports = GoImports & { readonly text: () => readonly string[] }

function sharedParts(pkg: SchemaPackage, imports: GoImports): readonly string[] {
  const named = pkg.namedTypes.map((type) =>
    [...goComment(type.extra?.doc), `type ${goName(type.name, pkg.name)} ${type.kind}`].join('\n'),
  )
  const enums = pkg.enums.map((type) => enumText(type, pkg))
  return [...constTexts(pkg), ...enums, ...named, ...pkg.stores.map((store) => storeText(store, pkg, imports))]
}

function createGoImports(pkg: SchemaPackage, importPath: string): FileImports {
  const paths = new Set<string>()
  return {
    declared: (ref) => {
      const dot = ref.lastIndexOf('.')
      const home = ref.slice(0, dot)
      const name = goName(ref.slice(dot + 1), ref)
      if (home === pkg.name) return name
      paths.add(`${importPath}/${goPackageName(home)}`)
      return `${home}.${name}`
    },
    library: (name) => {
      paths.add(LIBRARIES[name.slice(0, name.indexOf('.'))] as string)
      return name
    },
    text: () => {
      const standard = [...paths].filter((path) => !path.includes('.')).toSorted()
      const others = [...paths].filter((path) => path.includes('.')).toSorted()
      const all = [...standard, ...others]
      if (all.length === 0) return []
      if (all.length === 1) return [`import "${all[0]}"`]
      const groups = [standard, others].filter((group) => group.length > 0)
      return [`import (\n${groups.map((group) => group.map((path) => `\t"${path}"`).join('\n')).join('\n\n')}\n)`]
    },
  }
}

function checkCircles({ model }: ModelIndex): void {
  const needs = new Map(
    model.packages.map((pkg) => {
      const refs = [
        ...[...pkg.structs, ...pkg.packets].flatMap(({ fields }) => fields.flatMap(({ node }) => refsIn(node))),
        ...pkg.stores.map(({ state }) => state),
      ]
      return [
        pkg.name,
        new Set(refs.map((ref) => ref.slice(0, ref.lastIndexOf('.'))).filter((home) => home !== pkg.name)),
      ]
    }),
  )
  const visit = (name: string, above: readonly string[]): void => {
    if (above.includes(name))
      throw new RivuletError(
        'schema',
        `the packages ${[...above.slice(above.indexOf(name)), name].join(' → ')} need each other`,
        {
          hint: 'Go packages cannot: declare their types in one source.',
        },
      )
    for (const other of needs.get(name) ?? []) visit(other, [...above, name])
  }
  for (const name of needs.keys()) visit(name, [])
}

function refsIn(node: Parameters<typeof partsOf>[0]): readonly string[] {
  const own = node.kind === 'struct' ? [node.ref] : 'named' in node && node.named !== undefined ? [node.named] : []
  return [...own, ...partsOf(node).flatMap(refsIn)]
}
