import type { SchemaModel, SchemaStore } from '../../model/schema-model.ts'
import { upperFirst } from '../../model/ts-name.ts'
import { bannerOf } from '../banner.ts'
import type { EmittedFile } from '../emitted-file.ts'
import { commentDoc } from '../print/comment.ts'
import { type Doc, group, hardLine, ifBroken, indent, join, line, softLine } from '../print/doc.ts'
import { createNames } from '../print/identifier.ts'
import { fileText } from '../typescript/emit-typescript.ts'
import { createImports, type Imports } from '../typescript/imports.ts'
import { streamKey } from '../typescript/module-names.ts'
import { specifier } from '../typescript/module-writer.ts'
import { type ModuleOptions, type ModulePlan, packageOf, type Plan, planModules } from '../typescript/plan.ts'

/** What {@link emitHooks} needs beyond the options of the modules, which must be the same. */
export interface HookOptions extends ModuleOptions {
  /** The module that exports `useStore`, `useStoreStatus` and, where there are streams, `useDataStream`: `@rivulet/react` by default, or an app's own with the result of `createHooks`. */
  readonly hooksFrom?: string
}

/** The package with the types of paths and of streams. */
const CLIENT = '@rivulet/client'

/**
 * React hooks for the stores and streams of a model, one module for each package that has any: `useBoardStore(path)`, `useBoardStore(selector)` and
 * `useBoardStoreStatus(path)`, typed as `useStore(BoardStore, …)` is, and `useCameraVideo(key, options)` for `useDataStream(CameraVideo, …)`. They go
 * beside the modules of `emitTypeScript`.
 *
 * @throws RivuletError `config` and `schema`, as `emitTypeScript`.
 *
 * @example
 * const files = [...emitTypeScript(model), ...emitHooks(model, { hooksFrom: '../hooks.ts' })]
 */
export function emitHooks(model: SchemaModel, options: HookOptions = {}): readonly EmittedFile[] {
  const plan = planModules(model, options)
  const { hooksFrom = '@rivulet/react' } = options
  return plan.modules
    .filter(({ pkg }) => pkg.stores.length > 0 || (pkg.streams ?? []).length > 0)
    .map((module) => hooksFile(plan, module, hooksFrom))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function hooksFile(plan: Plan, module: ModulePlan, hooksFrom: string): EmittedFile {
  const { pkg, names, path } = module
  const scope = createNames()
  const hooks = pkg.stores.map((store) => {
    const def = names.stores.get(store.goStruct) as string
    return { store, def, use: scope.take(`use${upperFirst(def)}`), status: scope.take(`use${upperFirst(def)}Status`) }
  })
  const streams = (pkg.streams ?? []).map((stream) => {
    const def = names.streams.get(streamKey(stream)) as string
    return { def, use: scope.take(`use${upperFirst(def)}`, `use${upperFirst(def)}Stream`) }
  })
  const imports = createImports(scope)
  const sections = [
    ...(hooks.length === 0 ? [] : storeHooks(hooks, plan, module, imports, hooksFrom)),
    ...(streams.length === 0 ? [] : streamHooks(streams, plan, module, imports, hooksFrom)),
  ]
  const text = fileText(bannerOf([pkg]), imports.doc(), sections)
  return { path: path.replace(/\.ts$/, 'Hooks.ts'), text }
}

interface StoreHook {
  readonly store: SchemaStore
  /** The descriptor's name in the module beside. */
  readonly def: string
  readonly use: string
  readonly status: string
}

function storeHooks(
  hooks: readonly StoreHook[],
  plan: Plan,
  { path }: ModulePlan,
  imports: Imports,
  hooksFrom: string,
): readonly Doc[] {
  const useStore = imports.value(hooksFrom, 'useStore', 'useStoreOf')
  const useStatus = imports.value(hooksFrom, 'useStoreStatus', 'useStoreStatusOf')
  const pathOf = imports.type(CLIENT, 'PathOf', 'ClientPathOf')
  const valueAt = imports.type(CLIENT, 'ValueAt', 'ClientValueAt')
  const statusType = imports.type('@rivulet/react', 'StoreStatus', 'ReactStoreStatus')
  return hooks.flatMap(({ store, def, use, status }): Doc[] => {
    const home = plan.module(packageOf(store.state))
    const stateName = home.names.types.get(store.state.slice(home.pkg.name.length + 1)) as string
    const state = imports.type(specifier(plan, home.path), stateName, `${upperFirst(home.pkg.name)}${stateName}`)
    const imported = imports.value(specifier(plan, path), def, `${def}Def`)
    const selector = [`selector: (state: ${state}) => T`, 'equality?: (a: T, b: T) => boolean']
    const typeParam = `const P extends ${pathOf}<${state}>`
    return [
      [
        commentDoc(`Reads {@link ${imported}}: the value at a path, what a selector returns, or the whole state.`),
        [head(use, [], [], state), hardLine],
        [head(use, [typeParam], ['path: P'], `${valueAt}<${state}, P>`), hardLine],
        [head(use, ['T'], selector, 'T'), hardLine],
        [head(use, [], ['query?: unknown', 'equality?: unknown'], 'unknown'), ' {'],
        [indent(hardLine, call(useStore, [imported, 'query as never', 'equality as never'])), hardLine, '}'],
      ],
      [
        commentDoc(`What is known about {@link ${imported}}, or about a path of it.`),
        [head(status, [], [`path?: ${pathOf}<${state}>`], statusType), ' {'],
        [indent(hardLine, call(useStatus, [imported, 'path as never'])), hardLine, '}'],
      ],
    ]
  })
}

function streamHooks(
  streams: readonly Pick<StoreHook, 'def' | 'use'>[],
  plan: Plan,
  { path }: ModulePlan,
  imports: Imports,
  hooksFrom: string,
): readonly Doc[] {
  const useDataStream = imports.value(hooksFrom, 'useDataStream', 'useDataStreamOf')
  const optionsType = imports.type(CLIENT, 'StreamOptions', 'ClientStreamOptions')
  const statusType = imports.type(CLIENT, 'StreamStatus', 'ClientStreamStatus')
  return streams.map(({ def, use }): Doc => {
    const imported = imports.value(specifier(plan, path), def, `${def}Def`)
    return [
      commentDoc(
        `Opens {@link ${imported}} for a key while the component is mounted, and returns its status; null opens nothing.`,
      ),
      [head(use, [], ['key: string | null', `options?: ${optionsType}`], statusType), ' {'],
      [indent(hardLine, call(useDataStream, [imported, 'key', 'options'])), hardLine, '}'],
    ]
  })
}

function head(name: string, typeParams: readonly string[], params: readonly string[], result: string): Doc {
  const types =
    typeParams.length === 0
      ? ''
      : group('<', indent(softLine, join([',', line], typeParams)), ifBroken(','), softLine, '>')
  return ['export function ', name, types, list(params), ': ', result]
}

const call = (name: string, args: readonly string[]): Doc => ['return ', name, list(args)]

function list(items: readonly string[]): Doc {
  if (items.length === 0) return '()'
  return group('(', indent(softLine, join([',', line], items)), ifBroken(','), softLine, ')')
}
