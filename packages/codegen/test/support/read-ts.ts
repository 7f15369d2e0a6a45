import {
  type Diagnostic,
  memoryTree,
  plainSchema,
  readTypeScript,
  type ReadTypeScriptOptions,
  type SchemaNode,
  type SchemaPackage,
  type SchemaStruct,
  type SourcePlace,
  type TypeScriptReading,
} from '../../src/index.ts'

const MARK = '«'

/** All that the sources of tests use of the wire. */
const IMPORTS =
  "import type { bigint64, biguint64, Box, float32, float64, int16, int32, int64, int8, millis, uint16, uint32, uint64, uint8 } from '@rivulet/wire'\n"

/** What a test looks at after reading sources. */
export interface ReadTs extends TypeScriptReading {
  /** Where the marks `«` stood, in order. */
  readonly marks: readonly SourcePlace[]
  readonly errors: readonly Diagnostic[]
  /** Without extras. */
  readonly pkg: SchemaPackage
  /** Throws when there is none. */
  readonly struct: (name: string) => SchemaStruct
  readonly node: (path: string) => SchemaNode
}

/**
 * Reads TypeScript held in memory. A text alone is the file schema/main.ts below the imports of the wire's kinds; of several files those in schema/ are
 * the input. `lock` is the text of the lock file.
 */
export function readTs(
  sources: string | Readonly<Record<string, string>>,
  options: Partial<ReadTypeScriptOptions> & { readonly lock?: string } = {},
): ReadTs {
  const { lock, ...rest } = options
  const given = typeof sources === 'string' ? { 'schema/main.ts': IMPORTS + sources } : sources
  const marks = Object.entries(given).flatMap(([file, text]) => placesOf(file, text))
  const files = Object.fromEntries(Object.entries(given).map(([file, text]) => [file, text.replaceAll(MARK, '')]))
  const tree = memoryTree(lock === undefined ? files : { ...files, 'rivulet.lock.json': lock })
  const reading = readTypeScript(tree, { inputs: ['schema'], ...rest })
  const pkg = plainSchema(reading.model).packages[0] as SchemaPackage
  const struct = (name: string): SchemaStruct =>
    known(
      pkg.structs.find((candidate) => candidate.name === name),
      name,
    )
  return {
    ...reading,
    marks,
    pkg,
    struct,
    errors: reading.diagnostics.filter(({ severity }) => severity === 'error'),
    node: (path) => {
      const [structName = '', fieldName] = path.split('.')
      return known(
        struct(structName).fields.find(({ tsName }) => tsName === fieldName),
        path,
      ).node
    },
  }
}

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the model has no ${name}`)
  return value
}

function placesOf(file: string, text: string): SourcePlace[] {
  return text.split('\n').flatMap((line, index) =>
    line
      .split(MARK)
      .slice(0, -1)
      .map((_, nth, parts) => ({ file, line: index + 1, column: parts.slice(0, nth + 1).join('').length + 1 })),
  )
}
