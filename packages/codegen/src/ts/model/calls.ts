import type { ParamPattern, TSMethodSignature, TSSignature, TSType } from 'oxc-parser'
import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type {
  PacketRole,
  SchemaEvent,
  SchemaFfrpc,
  SchemaField,
  SchemaKeyedEvent,
  SchemaPacket,
  SchemaRpc,
  SchemaStream,
  SourcePlace,
} from '../../model/schema-model.ts'
import { upperFirst } from '../../model/ts-name.ts'
import type { Declaration } from '../syntax/declarations.ts'
import { type Doc, docOf } from '../syntax/doc-tags.ts'
import type { Spot, TsFile } from '../syntax/ts-file.ts'
import type { TypeResolver } from '../types/resolve-type.ts'
import { nameParts, paramNames } from '../types/type-syntax.ts'
import { accessOf, type CallTag, tagOf } from './annotations.ts'

/** What interfaces of signatures declare, in the order of their declarations. */
export interface Calls {
  readonly packets: SchemaPacket[]
  readonly rpcs: SchemaRpc[]
  readonly ffrpcs: SchemaFfrpc[]
  readonly events: SchemaEvent[]
  readonly keyedEvents: SchemaKeyedEvent[]
  readonly streams: SchemaStream[]
}

/** What reading calls needs. */
export interface CallTools {
  readonly packageName: string
  readonly resolver: TypeResolver
  readonly diagnostics: Diagnostics
  /** Whether the project has a store of that name. */
  readonly hasStore: (name: string) => boolean
}

/** One signature whose name on the wire is known. */
interface Signature {
  readonly node: TSMethodSignature
  readonly declared: Declaration
  readonly name: string
  readonly typeName: string
  readonly at: SourcePlace
  readonly doc: Doc
  readonly file: TsFile
}

const ERROR_FIELD: SchemaField = {
  goName: 'Error',
  tsName: 'error',
  node: { kind: 'pointer', elem: { kind: 'string' } },
}

/** No calls yet. */
export function noCalls(): Calls {
  return { packets: [], rpcs: [], ffrpcs: [], events: [], keyedEvents: [], streams: [] }
}

/** Reads the signatures of an annotated interface into `calls`. A method is a call or an event; its parameters are what it carries. */
export function readCalls(declared: Declaration, tag: CallTag, calls: Calls, tools: CallTools): void {
  const { packageName, resolver, diagnostics } = tools
  const { file } = declared.module

  const fail = (code: DiagnosticCode, start: number, message: string, hint: string): undefined => {
    diagnostics.error(code, file.placeAt(start), message, hint)
    return undefined
  }

  const signatureOf = (member: TSSignature): Signature | undefined => {
    const { start }: Spot = member
    const key = member.type === 'TSMethodSignature' && !member.computed ? member.key : undefined
    if (member.type !== 'TSMethodSignature' || member.kind !== 'method' || key?.type !== 'Identifier') {
      const hint = 'Every member is a method: placeToken(x: int32, y: int32): void.'
      return fail('call', start, `${declared.name} has a member that is no call`, hint)
    }
    const doc = docOf(file, start)
    const prefix = tag.prefix ?? declared.name
    const given = tagOf(doc, 'name')
    const name = given?.value ?? (prefix === '' ? '' : `${prefix}.`) + upperFirst(key.name)
    const typeName = name.replaceAll('.', '')
    if (member.optional) return fail('call', start, `${name} is optional`, 'Remove the question mark.')
    if (member.typeParameters)
      return fail('call', start, `${name} is generic`, 'Write the types that it is called with.')
    if (!/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(typeName)) {
      const hint = 'Use letters, digits and dots: without the dots it becomes the name of a type.'
      diagnostics.error('call', given?.at ?? file.placeAt(start), `"${name}" cannot name a type`, hint)
      return undefined
    }
    return { node: member, declared, name, typeName, doc, file, at: file.placeAt(start) }
  }

  const fieldsOf = ({ node, name }: Signature, skip: number): readonly SchemaField[] | undefined => {
    const fields: SchemaField[] = []
    for (const param of node.params.slice(skip)) {
      const field = fieldOf(param, name)
      if (field === undefined) return undefined
      if (fields.some(({ goName }) => goName === field.goName))
        return fail(
          'field-clash',
          param.start,
          `${name}: two parameters would be ${field.goName}`,
          'Rename one of them.',
        )
      fields.push(field)
    }
    return fields
  }

  const fieldOf = (param: ParamPattern, name: string): SchemaField | undefined => {
    const { start }: Spot = param
    if (param.type !== 'Identifier' || !/^\p{L}[\p{L}\p{Nd}_]*$/u.test(param.name) || param.name === 'this') {
      const hint = 'Every parameter has a plain name and a type; lists are written as readonly T[].'
      return fail('call', start, `${name} has a parameter that cannot travel`, hint)
    }
    const owner = `${name} (${param.name})`
    if (param.optional) {
      return fail('undefined', start, `${owner} is optional`, 'Remove the question mark, and write `| null`.')
    }
    const type = param.typeAnnotation?.typeAnnotation
    if (type === undefined) return fail('unknown-type', start, `${owner} has no type`, 'Write its type.')
    const node = resolver.resolve(type, { module: declared.module, owner })
    const extra = { at: file.placeAt(start), typeText: file.text.slice(type.start, type.end) }
    return node && { goName: upperFirst(param.name), tsName: param.name, node, extra }
  }

  const addPacket = (
    { typeName, at, doc }: Signature,
    suffix: string,
    packet: PacketRole,
    fields: readonly SchemaField[],
  ): string => {
    const name = typeName + suffix
    calls.packets.push({ name, flavour: 'flat', packet, fields, extra: extraOf(at, doc) })
    return `${packageName}.${name}`
  }

  const returned = ({ node }: Signature): TSType | undefined => {
    const type = node.returnType?.typeAnnotation
    const args = type?.type === 'TSTypeReference' && isPromise(type) ? type.typeArguments?.params : undefined
    return args?.length === 1 ? args[0] : type
  }

  const returnsNothing = (signature: Signature, what: string): boolean => {
    if (returned(signature)?.type === 'TSVoidKeyword') return true
    fail('call', signature.node.start, `${signature.name} is ${what} and returns something`, 'Let it return `void`.')
    return false
  }

  const storeOf = ({ name }: Signature): string | undefined => {
    const { store = '' } = tag
    if (tools.hasStore(store)) return store
    const hint = 'Name a store of this project as it is on the wire: @restream.store(Name).'
    diagnostics.error('keyed-event', tag.at, `${name}: there is no store "${store}"`, hint)
    return undefined
  }

  const isKeyed = (signature: Signature): boolean => {
    const [key] = signature.node.params
    const type = key?.type === 'Identifier' && !key.optional ? key.typeAnnotation?.typeAnnotation : undefined
    if (type?.type === 'TSStringKeyword') return true
    const hint = 'Write the key as the first parameter: changed(key: string, …).'
    fail('keyed-event', signature.node.start, `${signature.name} does not have its key first, a string`, hint)
    return false
  }

  const level = ({ doc, name }: Signature): number =>
    accessOf(doc, name, diagnostics) ?? accessOf(declared.doc, declared.name, diagnostics) ?? 0

  const readRpc = (signature: Signature): void => {
    const { name, at, doc, node } = signature
    const type = returned(signature)
    if (type === undefined) {
      return fail('call', node.start, `${name} does not say what it returns`, 'Write `: void`, or a type.')
    }
    const owner = `${name} (result)`
    const result = type.type === 'TSVoidKeyword' ? null : resolver.resolve(type, { module: declared.module, owner })
    const fields = fieldsOf(signature, 0)
    if (result === undefined || fields === undefined) return
    const request = addPacket(signature, 'Request', 'rpcRequest', fields)
    const results = result === null ? [] : [{ goName: 'Result', tsName: 'result', node: result }]
    const response = addPacket(signature, 'Response', 'rpcResponse', [...results, ERROR_FIELD])
    const access = level(signature)
    calls.rpcs.push({ name, access, context: false, request, response, result, extra: extraOf(at, doc) })
  }

  const readOther = (signature: Signature): void => {
    const { name, at, doc } = signature
    const extra = extraOf(at, doc)
    const keyed = tag.kind === 'keyedEvent'
    if (tag.kind === 'stream') return readStream(signature)
    if (!returnsNothing(signature, tag.kind === 'send' ? 'a call without a response' : 'an event')) return
    const store = keyed && isKeyed(signature) ? storeOf(signature) : undefined
    const fields = fieldsOf(signature, keyed ? 1 : 0)
    if (fields === undefined || (keyed && store === undefined)) return
    if (tag.kind === 'send') {
      const request = addPacket(signature, 'Request', 'ffrpcRequest', fields)
      calls.ffrpcs.push({ name, access: level(signature), context: false, request, extra })
      return
    }
    const packet = addPacket(signature, 'Event', keyed ? 'keyedEvent' : 'event', fields)
    if (store === undefined) calls.events.push({ name, packet, extra })
    else calls.keyedEvents.push({ name, store, packet, extra })
  }

  // A stream carries bytes and nothing else, one stream per key.
  const readStream = (signature: Signature): void => {
    const { name, node, at, doc } = signature
    const type = returned(signature)
    const bytes = type?.type === 'TSTypeReference' && nameParts(type.typeName).join('.') === 'Uint8Array'
    if (!isKeyed(signature)) return
    if (!bytes || node.params.length !== 1) {
      return fail('call', node.start, `${name} is no stream of bytes`, 'Write it as video(key: string): Uint8Array.')
    }
    const store = storeOf(signature)
    if (store !== undefined) calls.streams.push({ name, store, extra: extraOf(at, doc) })
  }

  if (declared.kind !== 'interface' || paramNames(declared.node.typeParameters).length > 0) {
    const message = `${declared.name} has @restream.${tag.kind} and is no plain interface`
    diagnostics.error('annotation', file.placeAt(declared.start), message, 'Write an interface of methods.')
    return
  }
  if (declared.node.extends.length > 0) {
    const message = `${declared.name} extends another interface`
    fail('call', declared.node.extends[0]?.start ?? declared.start, message, 'Write all of its calls into it.')
  }
  for (const member of declared.node.body.body) {
    const signature = signatureOf(member)
    if (signature === undefined) continue
    if (tag.kind === 'rpc') readRpc(signature)
    else readOther(signature)
  }
}

const isPromise = (type: TSType): boolean =>
  type.type === 'TSTypeReference' && nameParts(type.typeName).join('.') === 'Promise'

const extraOf = (at: SourcePlace, { text }: Doc) => (text === undefined ? { at } : { at, doc: text })
