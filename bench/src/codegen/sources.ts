/** Structs of the measured project. */
export const STRUCTS = 200
const FILES = 10
const FIELDS = [
  'string',
  'bool',
  'int32',
  'uint64',
  'float64',
  'time.Time',
  '*string',
  '[]uint8',
  'map[string]int64',
] as const

function struct(index: number, title: string): string {
  const types = [...FIELDS, ...(index % (STRUCTS / FILES) === 0 ? [] : [`map[string]Row${index - 1}`])]
  const fields = types.map((type, at) => `\t${at === 0 ? title : `Field${at}`} ${type} \`restream:",fID=${at + 1}"\``)
  return `// Row${index} is one of many.\n// @restream.partials\ntype Row${index} struct {\n\t// MAXFIELD(${types.length})\n${fields.join('\n')}\n}\n`
}

/** Text of the first source file; `title` is the name of a field, so that two of them differ on the wire. */
export function fileText(file: number, title = 'Title'): string {
  const from = (file * STRUCTS) / FILES
  const structs = Array.from({ length: STRUCTS / FILES }, (_, i) => struct(from + i, title))
  return `package depot\n\nimport "time"\n\n${structs.join('\n')}`
}

/** A Go project of {@link STRUCTS} partial structs that hold each other, as texts by path. */
export function sources(): Readonly<Record<string, string>> {
  const files = Array.from({ length: FILES }, (_, i) => [`depot/rows${i}.go`, fileText(i)] as const)
  return {
    'go.mod': 'module example.com/depot\n',
    'restream.yaml': 'inputDirs:\n  - depot\n',
    ...Object.fromEntries(files),
  }
}
