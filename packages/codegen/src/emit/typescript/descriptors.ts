import { fieldName } from '../model-index.ts'
import { commentDoc } from '../print/comment.ts'
import { beside, type Doc } from '../print/doc.ts'
import { literalDoc, openObject, type Plain, propertyDoc } from '../print/literal.ts'
import { ref, typeDoc, type TypeText, word } from '../print/type-doc.ts'
import { streamKey } from './module-names.ts'
import type { ModuleWriter } from './module-writer.ts'
import { typeText } from './type-text.ts'

/** The descriptors of a package: stores, calls, calls without response, events, keyed events, streams. Plain objects: nothing runs when they are imported. */
export function descriptorDocs(writer: ModuleWriter): readonly Doc[] {
  const { module, spelling, plan } = writer
  const { pkg, names } = module
  const struct = (of: string): TypeText => ref(spelling.struct(of, of))
  const documented = (doc: string, level: number): string => {
    if (level === 0) return doc
    return `${doc}${/[.!?]$/.test(doc) ? '' : '.'} Needs access level ${level}.`
  }
  const access = (level: number): { access?: number } => (level === 0 ? {} : { access: level })
  const descriptor = (
    name: string | undefined,
    type: TypeText,
    doc: string,
    { access: level, ...properties }: Readonly<Record<string, Plain | undefined>>,
  ): Doc => {
    const parts = Object.entries(properties).map(([key, value]): Doc => propertyDoc(key, literalDoc(value as Plain)))
    const tables = names.tables === 'types' ? 'types' : `types: ${names.tables}`
    const last: readonly Doc[] = level === undefined ? [] : [['access: ', literalDoc(level)]]
    return declared(name, type, doc, openObject([...parts, tables, ...last]))
  }
  const declared = (name: string | undefined, type: TypeText, doc: string, object: Doc): Doc => [
    commentDoc(doc),
    `export const ${name}: `,
    typeDoc(type),
    ' =',
    beside(object),
  ]
  const resultOf = (response: string): TypeText => {
    const { def } = plan.index.struct(response)
    const result = def.fields.find(({ goName }) => goName === 'Result')
    if (result === undefined) return word('void')
    return typeText(result.node, plan.readings.field(fieldName(response, result)), spelling)
  }
  return [
    ...pkg.stores.map((one) =>
      descriptor(
        names.stores.get(one.goStruct),
        ref(spelling.wire('StoreDef'), struct(one.state)),
        documented(one.extra?.doc ?? `The store "${one.name}".`, one.minimumAccess),
        { kind: 'store', name: one.name, state: one.state, ...access(one.minimumAccess) },
      ),
    ),
    ...pkg.rpcs.map((one) =>
      descriptor(
        names.rpcs.get(one.name),
        ref(spelling.wire('RpcDef'), struct(one.request), resultOf(one.response)),
        documented(one.extra?.doc ?? `The call "${one.name}".`, one.access),
        { kind: 'rpc', name: one.name, request: one.request, response: one.response, ...access(one.access) },
      ),
    ),
    ...pkg.ffrpcs.map((one) =>
      descriptor(
        names.sends.get(one.name),
        ref(spelling.wire('SendDef'), struct(one.request)),
        documented(one.extra?.doc ?? `The call "${one.name}", which has no response.`, one.access),
        { kind: 'send', name: one.name, request: one.request, ...access(one.access) },
      ),
    ),
    ...pkg.events.map((one) =>
      descriptor(
        names.events.get(one.name),
        ref(spelling.wire('EventDef'), struct(one.packet)),
        one.extra?.doc ?? `The event "${one.name}".`,
        { kind: 'event', name: one.name, packet: one.packet },
      ),
    ),
    ...pkg.keyedEvents.map((one) =>
      descriptor(
        names.keyedEvents.get(one.name),
        ref(spelling.wire('KeyedEventDef'), struct(one.packet)),
        one.extra?.doc ?? `The event "${one.name}" of the store "${one.store}".`,
        { kind: 'keyedEvent', store: one.store, name: one.name, packet: one.packet },
      ),
    ),
    // A stream carries bytes that no table describes.
    ...(pkg.streams ?? []).map((one) =>
      declared(
        names.streams.get(streamKey(one)),
        ref(spelling.wire('StreamDef')),
        one.extra?.doc ?? `The stream "${one.name}" of the store "${one.store}".`,
        openObject([
          propertyDoc('kind', literalDoc('stream')),
          propertyDoc('store', literalDoc(one.store)),
          propertyDoc('name', literalDoc(one.name)),
        ]),
      ),
    ),
  ]
}
