import type { ConstSyntax, FileSyntax, FuncSyntax, TypeSyntax, VarSyntax } from '../syntax/read-declarations.ts'
import type { Node } from '../syntax/node.ts'

/** A parsed file and the package it belongs to: the scope in which its names are looked up. */
export interface GoFile extends FileSyntax {
  /** Relative to the project. */
  readonly path: string
  /** Without folders. */
  readonly name: string
  readonly text: string
  readonly root: Node
  readonly test: boolean
  readonly pkg: GoPackage
}

/** A declaration and the file it stands in. */
export interface Declared<Syntax> {
  readonly syntax: Syntax
  readonly file: GoFile
}

/** A file that is there, but is not read. */
export interface ExcludedFile {
  readonly path: string
  readonly text: string
  readonly why: string
}

/** The files of a folder that share a package clause. */
export interface GoPackage {
  readonly name: string
  readonly importPath: string
  readonly dir: string
  /** Sorted by name. */
  readonly files: readonly GoFile[]
  readonly excluded: readonly ExcludedFile[]
  readonly types: ReadonlyMap<string, Declared<TypeSyntax>>
  readonly consts: ReadonlyMap<string, Declared<ConstSyntax>>
  readonly vars: ReadonlyMap<string, Declared<VarSyntax>>
  readonly funcs: ReadonlyMap<string, Declared<FuncSyntax>>
  /** `Type.Method`, whatever the receiver's pointer. */
  readonly methods: ReadonlyMap<string, Declared<FuncSyntax>>
}

type FileParts = Omit<GoFile, 'pkg'>

/** Puts the files of one package together and indexes what they declare. */
export function makePackage(
  place: { readonly name: string; readonly importPath: string; readonly dir: string },
  parts: readonly FileParts[],
  excluded: readonly ExcludedFile[],
): GoPackage {
  const files: GoFile[] = []
  const pkg: GoPackage = {
    ...place,
    files,
    excluded,
    types: new Map(),
    consts: new Map(),
    vars: new Map(),
    funcs: new Map(),
    methods: new Map(),
  }
  for (const part of parts) files.push({ ...part, pkg })
  const index = <Syntax extends { name: string }>(
    into: ReadonlyMap<string, Declared<Syntax>>,
    pick: (file: GoFile) => readonly Syntax[],
    nameOf = (syntax: Syntax): string => syntax.name,
  ): void => {
    const map = into as Map<string, Declared<Syntax>>
    for (const file of files) for (const syntax of pick(file)) map.set(nameOf(syntax), { syntax, file })
  }
  index(pkg.types, (file) => file.types)
  index(pkg.consts, (file) => file.consts)
  index(pkg.vars, (file) => file.vars)
  index(pkg.funcs, (file) => file.funcs.filter(({ receiver }) => receiver === undefined))
  index(
    pkg.methods,
    (file) => file.funcs.filter(({ receiver }) => receiver !== undefined),
    (func) => `${receiverName(func)}.${func.name}`,
  )
  return pkg
}

function receiverName({ receiver }: FuncSyntax): string {
  const type = receiver?.type.kind === 'pointer' ? receiver.type.elem : receiver?.type
  return type?.kind === 'name' ? type.name : ''
}
