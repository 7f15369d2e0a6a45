import type { PacketRole, SchemaPackage, SchemaPacket } from '../../model/schema-model.ts'
import { alignRows, goComment, goName, goString } from './go-file.ts'
import { goField, type GoImports } from './go-type.ts'

const CARRIES: Readonly<Record<PacketRole, (name: string) => string>> = {
  rpcRequest: (name) => `is what the call ${goString(name)} carries.`,
  rpcResponse: (name) => `is what the call ${goString(name)} is answered with.`,
  ffrpcRequest: (name) => `is what the call ${goString(name)}, which has no response, carries.`,
  event: (name) => `is what the event ${goString(name)} carries.`,
  keyedEvent: (name) => `is what the event ${goString(name)} carries.`,
}

/**
 * The packets of a package as annotated flat structs, and the names of its calls and events: what a client in Go sends and receives. The reference generator
 * makes the same structs where it finds registrations, so a package has one or the other.
 */
export function packetTexts(pkg: SchemaPackage, imports: GoImports): readonly string[] {
  const names = namesOf(pkg)
  const constants = [...names].map(([type, name]) => [`${type}Name`, name] as const)
  return [
    ...nameTexts(pkg, constants),
    ...pkg.packets.map((packet) => packetText(packet, pkg, names.get(stem(packet.name)) ?? packet.name, imports)),
  ]
}

/** Names on the wire by what the types of their packets begin with. */
function namesOf(pkg: SchemaPackage): ReadonlyMap<string, string> {
  const all = [...pkg.rpcs, ...pkg.ffrpcs, ...pkg.events, ...pkg.keyedEvents]
  return new Map(all.map(({ name }) => [name.replaceAll('.', ''), name]))
}

const stem = (packet: string): string => packet.replace(/(Request|Response|Event)$/, '')

function nameTexts(pkg: SchemaPackage, names: readonly (readonly [string, string])[]): readonly string[] {
  return names.map(([constant, name]) =>
    // Pages have descriptors instead.
    [
      `// ${constant} is a name on the wire.`,
      '// @restream.Ignore',
      `const ${goName(constant, pkg.name)} = ${goString(name)}`,
    ].join('\n'),
  )
}

function packetText(packet: SchemaPacket, pkg: SchemaPackage, wireName: string, imports: GoImports): string {
  const ref = `${pkg.name}.${packet.name}`
  const name = goName(packet.name, ref)
  const rows = packet.fields.map((field) => {
    const owner = `${ref}.${field.goName}`
    const { type, marks } = goField(field.node, owner, imports)
    const tag = marks.length === 0 ? [] : [`\`restream:",${marks.join()}"\``]
    return { comment: [], cells: [goName(field.goName, owner), type, ...tag] }
  })
  const head = [...goComment(`${name} ${CARRIES[packet.packet](wireName)}`), '// @restream.serializers']
  if (rows.length === 0) return [...head, `type ${name} struct{}`].join('\n')
  return [...head, `type ${name} struct {`, ...alignRows(rows, true), '}'].join('\n')
}
