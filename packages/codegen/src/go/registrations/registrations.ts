import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type {
  Extra,
  PacketRole,
  SchemaEvent,
  SchemaFfrpc,
  SchemaField,
  SchemaKeyedEvent,
  SchemaPacket,
  SchemaRpc,
  SourcePlace,
} from '../../model/schema-model.ts'
import type { Evaluator } from '../constants/evaluate.ts'
import type { GoFile } from '../project/go-package.ts'
import { commentsAbove, docOf } from '../syntax/comments.ts'
import { type Node, placeOf } from '../syntax/node.ts'
import type { Lookup } from '../types/lookup.ts'
import type { TypeResolver } from '../types/resolve-type.ts'
import { accessLevel } from './access-level.ts'
import { eventCallback } from './event-callback.ts'
import { handlerOf } from './handler.ts'
import type { TypeInference } from './infer-type.ts'
import { packetFields, packetNode, withoutAliases } from './packet-fields.ts'
import { findRegistrations, localConst, type Named, type RegistrationCall } from './registration-call.ts'

/** What a package registers, in the order of its files and calls. */
export interface Registrations {
  readonly packets: readonly SchemaPacket[]
  readonly rpcs: readonly SchemaRpc[]
  readonly ffrpcs: readonly SchemaFfrpc[]
  readonly events: readonly SchemaEvent[]
  readonly keyedEvents: readonly SchemaKeyedEvent[]
}

/** What reading registrations needs. */
export interface RegistrationTools {
  readonly lookup: Lookup
  readonly evaluator: Evaluator
  readonly inference: TypeInference
  readonly resolver: TypeResolver
  readonly diagnostics: Diagnostics
}

const ERROR_FIELD: SchemaField = {
  goName: 'Error',
  tsName: 'error',
  node: { kind: 'pointer', elem: { kind: 'string' } },
}

/**
 * Finds the RPCs and events that `files` register, by the method's name and its arguments' types, whatever the receiver is called and wherever in
 * a function the call stands (codegen.md §1).
 */
export function readRegistrations(files: readonly GoFile[], tools: RegistrationTools): Registrations {
  const { evaluator, inference, diagnostics } = tools
  const packets: SchemaPacket[] = []
  const rpcs: SchemaRpc[] = []
  const ffrpcs: SchemaFfrpc[] = []
  const events: SchemaEvent[] = []
  const keyedEvents: SchemaKeyedEvent[] = []
  const typeNames = new Map<string, SourcePlace>()

  const text = (node: Node, file: GoFile): string | undefined => {
    const constant = evaluator.expression(node, { file, local: localConst(file) })
    return constant?.kind === 'string' ? constant.value : undefined
  }

  const addPacket = (call: Named, suffix: string, packet: PacketRole, fields: readonly SchemaField[]): string => {
    const name = call.typeName + suffix
    const { pkg } = call.file
    const other = typeNames.get(name) ?? pkg.types.get(name)?.syntax.at
    if (other !== undefined) {
      const message = `"${call.name}" needs the type ${name}, which is already there, at ${other.file}:${other.line}`
      diagnostics.error(
        'duplicate-name',
        call.at,
        message,
        'Rename one of them: names that differ only in dots share a type.',
      )
    }
    typeNames.set(name, call.at)
    packets.push({ name, flavour: 'flat', packet, fields, extra: { at: call.at } })
    return `${pkg.name}.${name}`
  }

  const readCall = (found: RegistrationCall): Named | undefined => {
    const { node, file, args, method, complete } = found
    const at = placeOf(file.path, node)
    const name = complete ? text(args[0] as Node, file) : undefined
    if (name === undefined) {
      // Somebody's own method of the same name, or a wrapper around the real one.
      const owner = inference.typeOf(found.receiver, file)
      const target = owner?.type.kind === 'pointer' ? { ...owner, type: owner.type.elem } : owner
      const declared =
        target?.type.kind === 'name' ? tools.lookup.type(target.file, target.type.pkg, target.type.name) : undefined
      if (declared?.kind === 'declared') {
        const { file: home, syntax } = declared.declared
        if (home.pkg.methods.has(`${syntax.name}.${method}`)) return undefined
      }
      const message = complete ? `the name in ${method} is no constant` : `${method} has too few arguments`
      const hint = 'The name must be a string literal or a named constant, because it becomes a type.'
      diagnostics.error('registration', complete ? placeOf(file.path, args[0] as Node) : at, message, hint)
      return undefined
    }
    const typeName = name.replaceAll('.', '')
    if (!/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(typeName)) {
      const hint = 'Use letters, digits and dots: without the dots it becomes the name of a type.'
      diagnostics.error('registration', placeOf(file.path, args[0] as Node), `"${name}" cannot name a type`, hint)
      return undefined
    }
    return { ...found, name, typeName, at }
  }

  const readRpc = (call: Named): void => {
    const handler = handlerOf(call, tools)
    const access = accessLevel(call, tools)
    if (handler === undefined || access === undefined) return
    const { place, signature, context } = handler
    const scope = { place, name: call.name, user: call.file }
    const fields = packetFields(signature.params, context ? 1 : 0, scope, tools)
    const extra = extraOf(call)
    if (call.method === 'RegisterFFRPCHandler') {
      const request = addPacket(call, 'Request', 'ffrpcRequest', fields)
      ffrpcs.push({ name: call.name, access, context, request, extra })
      return
    }
    const value = signature.results.length === 2 ? signature.results[0] : undefined
    const node = value === undefined ? undefined : packetNode(value.type, 'result', scope, tools)
    if (value !== undefined && node === undefined) return
    const request = addPacket(call, 'Request', 'rpcRequest', fields)
    const results = node === undefined ? [] : [{ goName: 'Result', tsName: 'result', node }]
    const response = addPacket(call, 'Response', 'rpcResponse', [...results, ERROR_FIELD])
    rpcs.push({ name: call.name, access, context, request, response, result: node ?? null, extra })
  }

  const readEvent = (call: Named): void => {
    const keyed = call.method === 'RegisterKeyedEvent'
    const callback = eventCallback(call, keyed, tools)
    const store = keyed ? text(call.args[2] as Node, call.file) : undefined
    if (keyed && store === undefined) {
      const at = placeOf(call.file.path, call.args[2] as Node)
      const hint = "Write the store's name as a string literal or a named constant."
      diagnostics.error('registration', at, `the store of the keyed event "${call.name}" is no constant`, hint)
      return
    }
    if (callback === undefined) return
    const scope = { place: callback.place, name: call.name, user: call.file }
    const fields = packetFields(callback.signature.params, keyed ? 1 : 0, scope, tools)
    const plain = fields.map((field) => ({ ...field, node: withoutAliases(field.node) }))
    const packet = addPacket(call, 'Event', keyed ? 'keyedEvent' : 'event', plain)
    const extra = extraOf(call)
    if (store === undefined) events.push({ name: call.name, packet, extra })
    else keyedEvents.push({ name: call.name, store, packet, extra })
  }

  for (const file of files) {
    for (const found of findRegistrations(file)) {
      const call = readCall(found)
      if (call === undefined) continue
      if (call.method === 'RegisterRPCHandler' || call.method === 'RegisterFFRPCHandler') readRpc(call)
      else readEvent(call)
    }
  }
  return { packets, rpcs, ffrpcs, events, keyedEvents }
}

// What is said above the statement that registers something is said to those who call or hear it.
function extraOf({ at, node }: Named): Extra {
  let statement: Node = node
  while (statement.parent !== null && !/^(block|statement_list|source_file)$/.test(statement.parent.type))
    statement = statement.parent
  // What stands above the first statement of a list stands above the list.
  const { parent } = statement
  const first = statement.previousSibling === null && parent?.type === 'statement_list'
  const doc = docOf(commentsAbove(first ? parent : statement))
  return doc === undefined ? { at } : { at, doc }
}
