import type {
  Declaration as SyntaxDeclaration,
  ModuleExportName,
  Statement,
  TSEnumDeclaration,
  TSInterfaceDeclaration,
  TSTypeAliasDeclaration,
  VariableDeclarator,
} from 'oxc-parser'
import { type Doc, docOf } from './doc-tags.ts'
import type { TsFile } from './ts-file.ts'

type Of<Kind extends string, Node> = {
  readonly kind: Kind
  readonly name: string
  readonly node: Node
  readonly module: TsModule
  /** Offset of its name. */
  readonly start: number
  readonly doc: Doc
}

/** A declaration that types and constants are made of. `other` is one that cannot travel: a class, a function, a namespace, a variable. */
export type Declaration =
  | Of<'interface', TSInterfaceDeclaration>
  | Of<'alias', TSTypeAliasDeclaration>
  | Of<'enum', TSEnumDeclaration>
  | Of<'const', VariableDeclarator>
  | Of<'other', string>

/** A name that another module declares; `*` is that module as a whole. */
export interface Elsewhere {
  readonly from: string
  readonly name: string
}

/** The declarations of one file, and how names come and go. */
export interface TsModule {
  readonly file: TsFile
  /** Types and values have names of their own: `const Phase` and `type Phase` stand side by side. */
  readonly types: ReadonlyMap<string, Declaration>
  readonly values: ReadonlyMap<string, Declaration>
  readonly imports: ReadonlyMap<string, Elsewhere>
  /** Exported name → name in here. */
  readonly exports: ReadonlyMap<string, string>
  readonly reexports: ReadonlyMap<string, Elsewhere>
  /** `export * from`. */
  readonly stars: readonly string[]
  /** The earlier declarations of names that are declared more than once, which TypeScript merges or refuses. */
  readonly repeated: readonly Declaration[]
}

/** Reads what a file declares. */
export function readModule(file: TsFile): TsModule {
  const types = new Map<string, Declaration>()
  const values = new Map<string, Declaration>()
  const imports = new Map<string, Elsewhere>()
  const exports = new Map<string, string>()
  const reexports = new Map<string, Elsewhere>()
  const stars: string[] = []
  const repeated: Declaration[] = []
  const module: TsModule = { file, types, values, imports, exports, reexports, stars, repeated }

  const addType = (found: Declaration): void => {
    const earlier = types.get(found.name)
    if (earlier !== undefined) repeated.push(earlier)
    types.set(found.name, found)
  }

  // `outer` is where the statement starts: the doc comment stands above `export`.
  const declare = (node: SyntaxDeclaration, outer: number): string[] => {
    const doc = docOf(file, outer)
    switch (node.type) {
      case 'TSInterfaceDeclaration':
        addType({ kind: 'interface', name: node.id.name, node, module, start: node.id.start, doc })
        return [node.id.name]
      case 'TSTypeAliasDeclaration':
        addType({ kind: 'alias', name: node.id.name, node, module, start: node.id.start, doc })
        return [node.id.name]
      case 'TSEnumDeclaration': {
        const found: Declaration = { kind: 'enum', name: node.id.name, node, module, start: node.id.start, doc }
        addType(found)
        values.set(node.id.name, found)
        return [node.id.name]
      }
      case 'VariableDeclaration':
        return node.declarations.flatMap((variable) => {
          const { start, end }: { readonly start: number; readonly end: number } = variable.id
          // A pattern has no name of its own, and can be told of.
          const name = variable.id.type === 'Identifier' ? variable.id.name : file.text.slice(start, end)
          const isConst = node.kind === 'const' && variable.id.type === 'Identifier'
          if (isConst) values.set(name, { kind: 'const', name, node: variable, module, start, doc })
          else values.set(name, { kind: 'other', name, node: 'a variable', module, start, doc })
          return variable.id.type === 'Identifier' ? [name] : []
        })
      case 'ClassDeclaration':
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
      case 'TSModuleDeclaration': {
        if (node.id?.type !== 'Identifier') return []
        const { name, start } = node.id
        const found: Declaration = { kind: 'other', name, node: WHAT[node.type] ?? 'a function', module, start, doc }
        // Values beside a type of the same name: helpers, which do not travel.
        if (!types.has(name)) types.set(name, found)
        return [name]
      }
      default:
        return []
    }
  }

  const read = (statement: Statement): void => {
    switch (statement.type) {
      case 'ImportDeclaration':
        for (const specifier of statement.specifiers) {
          const name =
            specifier.type === 'ImportSpecifier'
              ? nameOf(specifier.imported)
              : specifier.type === 'ImportDefaultSpecifier'
                ? 'default'
                : '*'
          imports.set(specifier.local.name, { from: statement.source.value, name })
        }
        return
      case 'ExportNamedDeclaration': {
        if (statement.declaration !== null)
          for (const name of declare(statement.declaration, statement.start)) exports.set(name, name)
        for (const { exported, local } of statement.specifiers) {
          if (statement.source === null) exports.set(nameOf(exported), nameOf(local))
          else reexports.set(nameOf(exported), { from: statement.source.value, name: nameOf(local) })
        }
        return
      }
      case 'ExportAllDeclaration':
        if (statement.exported === null) stars.push(statement.source.value)
        else reexports.set(nameOf(statement.exported), { from: statement.source.value, name: '*' })
        return
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement
        if (declaration.type === 'Identifier') exports.set('default', declaration.name)
        else if (declaration.type === 'TSInterfaceDeclaration') {
          for (const name of declare(declaration, statement.start)) exports.set('default', name)
        }
        return
      }
      default:
        declare(statement as SyntaxDeclaration, statement.start)
    }
  }
  for (const statement of file.program.body) read(statement)
  return module
}

const WHAT: Readonly<Record<string, string>> = { ClassDeclaration: 'a class', TSModuleDeclaration: 'a namespace' }

const nameOf = (node: ModuleExportName): string => (node.type === 'Literal' ? node.value : node.name)
