import {
  type Diagnostic,
  type GoReading,
  memoryTree,
  plainSchema,
  readGo,
  type ReadGoOptions,
  type SchemaField,
  type SchemaNode,
  type SchemaPackage,
  type SchemaStruct,
  type SourcePlace,
} from '../../src/index.ts'

const MARK = '«'

/** What a test looks at after reading sources. */
export interface Read extends GoReading {
  /** Where the marks `«` stood, in order. */
  readonly marks: readonly SourcePlace[]
  readonly errors: readonly Diagnostic[]
  readonly warnings: readonly Diagnostic[]
  /** The package called `name`, without extras. Throws when there is none. */
  readonly pkg: (name?: string) => SchemaPackage
  readonly struct: (name: string) => SchemaStruct
  readonly node: (path: string) => SchemaNode
}

/**
 * Reads Go sources held in memory; all their folders are input folders of the module example.com/shop. A text alone is the file shop/shop.go, below its
 * package clause.
 */
export async function read(
  sources: string | Readonly<Record<string, string>>,
  options: ReadGoOptions = {},
): Promise<Read> {
  const given = typeof sources === 'string' ? { 'shop/shop.go': `package shop\n\n${sources}` } : sources
  const marks = Object.entries(given).flatMap(([file, text]) => placesOf(file, text))
  const files = Object.fromEntries(Object.entries(given).map(([file, text]) => [file, text.replaceAll(MARK, '')]))
  const dirs = [...new Set(Object.keys(files).flatMap((file) => /^(.+)\/[^/]+\.go$/.exec(file)?.[1] ?? []))]
  const tree = memoryTree({
    'go.mod': 'module example.com/shop\n\ngo 1.23\n',
    'restream.yaml': `inputDirs:\n${dirs.map((dir) => `  - ${dir}\n`).join('')}`,
    ...files,
  })
  const reading = await readGo(tree, options)
  const model = plainSchema(reading.model)
  const pkg = (name = 'shop'): SchemaPackage =>
    known(
      model.packages.find((candidate) => candidate.name === name),
      name,
    )
  const struct = (name: string): SchemaStruct =>
    known(
      pkg().structs.find((candidate) => candidate.name === name),
      name,
    )
  return {
    ...reading,
    marks,
    errors: reading.diagnostics.filter(({ severity }) => severity === 'error'),
    warnings: reading.diagnostics.filter(({ severity }) => severity === 'warning'),
    pkg,
    struct,
    node: (path) => {
      const [structName = '', fieldName] = path.split('.')
      const field: SchemaField | undefined = struct(structName).fields.find(({ goName }) => goName === fieldName)
      return known(field, path).node
    },
  }
}

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the model has no ${name}`)
  return value
}

function placesOf(file: string, text: string): SourcePlace[] {
  const places: SourcePlace[] = []
  for (const [index, line] of text.split('\n').entries()) {
    for (
      let column = line.indexOf(MARK), before = 0;
      column !== -1;
      column = line.indexOf(MARK, column + 1), before += 1
    )
      places.push({ file, line: index + 1, column: column + 1 - before })
  }
  return places
}
