import * as fc from 'fast-check'
import type { RandomProject } from './random-project.ts'

/** What every extra file declares, for random fields to use: all that the reference cannot do, or does only in part. */
const DECLARATIONS = `
// Level counts.
type Level int64

const (
	LevelLow Level = -1 << iota
	LevelHigh
)

// Light is a text.
type Light string

const (
	LightOn  Light = "on"
	LightOff Light = "off"
)

// Flags is a byte.
type Flags uint8

const (
	FlagsNone Flags = iota
	FlagsSome
)

type Ratio float32
type Done bool
type Labels []string
type Index map[string]Level

// @restream.serializers
type Pair[A comparable, B any] struct {
	Key  A
	One  B
	Many map[A][]B
}

// @restream.serializers
type Single[T any] struct{ Value *T }

// @restream.serializers
type Base struct {
	BaseName string
	BaseSize [2]Level
}
`

const TYPES =
  'Level|Light|Flags|Ratio|Done|Labels|Index|[]Flags|[3]Level|[2][]byte|time.Duration|*Labels|**int32|map[Done]Light|map[Level]struct{}|Pair[string, int64]|Pair[Light, Base]|Single[Base]|Single[[]Level]|Pair[uint8, Single[Light]]|*Tree|[]Tree|map[int16]*Tree|any|int|uint64|[]any'.split(
    '|',
  )

const struct = fc.record({
  annotation: fc.constantFrom('serializers', 'fields', 'partials'),
  types: fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 6 }),
  embeds: fc.boolean(),
  shared: fc.boolean(),
})

/**
 * A file beside those of a random project: enums, named types of every kind, generics, embedded structs, lists of fixed length, fields that share a line, and a struct that
 * holds itself.
 */
export function goExtras(project: RandomProject): fc.Arbitrary<Readonly<Record<string, string>>> {
  const [first] = project.packages
  if (first === undefined) return fc.constant(project.files)
  return fc
    .array(struct, { minLength: 1, maxLength: 4 })
    .map((structs) => ({ ...project.files, [`${first.name}/extra.go`]: fileOf(first.name, structs) }))
}

type Struct = typeof struct extends fc.Arbitrary<infer T> ? T : never

function fileOf(pkg: string, structs: readonly Struct[]): string {
  const tree: Struct = {
    annotation: 'partials',
    types: ['string', '*Tree', 'map[string]Tree'],
    embeds: false,
    shared: false,
  }
  const body = [tree, ...structs].map((one, at) => structText(at === 0 ? 'Tree' : `Extra${at}`, one))
  return `package ${pkg}\n\nimport "time"\n${DECLARATIONS}\nvar _ time.Time\n\n${body.join('\n\n')}\n`
}

function structText(name: string, { annotation, types, embeds, shared }: Struct): string {
  const numbered = annotation !== 'serializers'
  // Fields that share a line share its tag, so those of structs with ids have a line each; so has what is embedded, as a field of its own.
  const tag = (id: number): string => (numbered ? ` \`restream:",fID=${id}"\`` : '')
  const lines = types.map((type, at) => `\tF${at} ${type}${tag(at + 1)}`)
  if (embeds) lines.push(`\tBase${tag(types.length + 1)}`)
  if (shared && !numbered) lines.push('\tLeft, Right Level')
  const max = numbered ? [`\t// MAXFIELD(${types.length + 1})`] : []
  return [`// @restream.${annotation}`, `type ${name} struct {`, ...max, ...lines, '}'].join('\n')
}
