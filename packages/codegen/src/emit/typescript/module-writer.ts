import { createNames } from '../print/identifier.ts'
import { upperFirst } from '../../model/ts-name.ts'
import { createImports, type Imports } from './imports.ts'
import { type ModulePlan, packageOf, type Plan } from './plan.ts'
import type { Spelling } from './type-text.ts'

/** The package that has the types of descriptors. */
export const WIRE = '@rivulet/wire'

// Types that every program has: what is imported must not hide them, whatever it is called.
const GLOBALS = ['Date', 'Readonly', 'ReadonlyMap', 'ReadonlySet', 'Record', 'Uint8Array']

/** One module while it is written. */
export interface ModuleWriter {
  readonly plan: Plan
  readonly module: ModulePlan
  readonly imports: Imports
  readonly spelling: Spelling
}

/** Starts a module. */
export function createModuleWriter(plan: Plan, module: ModulePlan): ModuleWriter {
  const { names } = module
  const imports = createImports(createNames([...names.own, ...GLOBALS]))
  const declared = (ref: string, name: string): string => {
    const home = plan.module(packageOf(ref))
    const given = home.names.types.get(name) as string
    if (home === module) return given
    return imports.type(specifier(plan, home.path), given, `${upperFirst(home.pkg.name)}${given}`)
  }
  const spelling: Spelling = {
    // A module that declares a `Date` of its own means the global one by its long name.
    global: (name) => (names.own.has(name) ? `globalThis.${name}` : name),
    wire: (name) => imports.type(WIRE, name, `Wire${name}`),
    struct: (ref, declaredAs) => {
      const instance = names.types.get(ref)
      if (instance !== undefined && ref !== declaredAs) return instance
      return declared(ref, ref.slice(packageOf(ref).length + 1))
    },
    named: (ref, bigint) => {
      const found = plan.index.named(ref)
      if (found === undefined) return undefined
      const { kind } = found.def
      const wide = kind === 'int64' || kind === 'uint64'
      // A field that is read otherwise than its type is declared has the plain type.
      if (wide && bigint !== plan.readings.namedBigint(ref)) return undefined
      return declared(ref, found.def.name)
    },
  }
  return { plan, module, imports, spelling }
}

/** How one generated file imports another. */
export function specifier({ options }: Pick<Plan, 'options'>, path: string): string {
  return `./${path.replace(/\.ts$/, options.importExtension ?? '.ts')}`
}
