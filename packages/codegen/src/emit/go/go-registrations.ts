import { RivuletError } from '@rivulet/wire'
import { partsOf } from '../../model/node-parts.ts'
import type {
  Extra,
  SchemaEvent,
  SchemaFfrpc,
  SchemaField,
  SchemaKeyedEvent,
  SchemaPackage,
  SchemaRpc,
} from '../../model/schema-model.ts'
import type { SchemaNode } from '../../model/schema-node.ts'
import type { ModelIndex } from '../model-index.ts'
import { goComment, goName, goString, isKeyword } from './go-file.ts'
import { goField, type GoImports } from './go-type.ts'

interface Param {
  readonly name: string
  readonly type: string
}

/** What writing registrations needs. */
interface Tools {
  readonly pkg: SchemaPackage
  readonly index: ModelIndex
  readonly imports: GoImports
}

/**
 * The calls and events of a package as functions that register them, in the form in which the reference generator finds them (codegen.md §1) and makes the packets
 * from them: an interface that answers the calls, and for each event what fires it.
 *
 * Throws `schema` for packets with not-null marks, which parameters cannot have.
 */
export function registrationTexts(tools: Tools): readonly string[] {
  const { pkg } = tools
  const calls = [...pkg.rpcs, ...pkg.ffrpcs]
  return [
    ...(calls.length === 0 ? [] : callTexts(calls, tools)),
    ...pkg.events.map((event) => eventText(event, tools)),
    ...pkg.keyedEvents.map((event) => eventText(event, tools)),
  ]
}

type Call = SchemaRpc | SchemaFfrpc

function callTexts(calls: readonly Call[], tools: Tools): readonly string[] {
  const { pkg, imports } = tools
  const taken = new Set([...pkg.structs, ...pkg.packets, ...pkg.enums, ...pkg.namedTypes].map(({ name }) => name))
  for (const { goStruct } of pkg.stores) taken.add(goStruct)
  let name = 'Calls'
  while (taken.has(name)) name += '_'
  const handlers = calls.map((call) => handlerOf(call, tools))
  const methods = handlers.flatMap(({ extra, method, params, result }) => [
    ...goComment(extra?.doc).map((row) => `\t${row}`),
    `\t${method}(${listOf(params)})${result}`,
  ])
  const registrations = handlers.flatMap(({ call, extra, method, params, result }) => {
    const { name: wireName, access } = call
    const types = [call.request, ...('response' in call ? [call.response] : [])].map((ref) => typeFor(ref, tools))
    const passed = params.map((param) => param.name).join(', ')
    const answer = result === '' ? '' : 'return '
    const register = 'response' in call ? 'RegisterRPCHandler' : 'RegisterFFRPCHandler'
    return [
      ...goComment(extra?.doc).map((row) => `\t${row}`),
      `\trpcd.${register}(${goString(wireName)}, ${access}, func(${listOf(params)})${result} {`,
      `\t\t${answer}calls.${method}(${passed})`,
      `\t}, ${types.join(', ')})`,
    ]
  })
  const dispatcher = imports.library('restream.RPCDispatcher')
  return [
    [`// ${name} answers what is called.`, `type ${name} interface {`, ...methods, '}'].join('\n'),
    [
      `// Register${name} lets calls be answered.`,
      `func Register${name}(rpcd *${dispatcher}, calls ${name}) {`,
      ...registrations,
      '}',
    ].join('\n'),
  ]
}

interface Handler {
  readonly call: Call
  readonly extra: Extra | undefined
  readonly method: string
  readonly params: readonly Param[]
  readonly result: string
}

function handlerOf(call: Call, tools: Tools): Handler {
  const owner = `the call ${goString(call.name)}`
  const { def } = tools.index.struct(call.request)
  const context = call.context ? [{ name: 'ctx', type: tools.imports.library('context.Context') }] : []
  const params = [...context, ...paramsOf(def.fields, owner, [...context.map(({ name }) => name), 'calls'], tools)]
  const value = 'response' in call && call.result !== null ? typeOf(call.result, owner, tools) : undefined
  const result = 'response' in call ? (value === undefined ? ' error' : ` (${value}, error)`) : ''
  return { call, extra: call.extra, method: goName(call.name.replaceAll('.', ''), owner), params, result }
}

function eventText(event: SchemaEvent | SchemaKeyedEvent, tools: Tools): string {
  const { imports, index } = tools
  const owner = `the event ${goString(event.name)}`
  const type = goName(event.name.replaceAll('.', ''), owner)
  const { fields } = index.struct(event.packet).def
  const store = 'store' in event ? event.store : undefined
  const carried = paramsOf(fields, owner, [], tools)
  const key = ['key', 'routingKey', 'Key_'].find((name) => carried.every((param) => param.name !== name)) as string
  const params = [...(store === undefined ? [] : [{ name: key, type: 'string' }]), ...carried]
  const [callback, made] = [`${type}Callback`, imports.library('subscribableevent.NewEvent')]
  const signature = `func(${params.map((param) => param.type).join(', ')})`
  const types = [typeFor(event.packet, tools), `${imports.library('reflect.TypeFor')}[${signature}]()`]
  const args = [goString(event.name), '&event', ...(store === undefined ? [] : [goString(store)]), ...types]
  const register = store === undefined ? 'RegisterEvent' : 'RegisterKeyedEvent'
  return [
    `// ${callback} hears ${owner}${store === undefined ? '' : '; its first parameter is the key'}.`,
    `type ${callback} func(${listOf(params)})`,
    '',
    `// Register${type}Event returns what fires ${owner}.`,
    `func Register${type}Event(eventd *${imports.library('restream.EventDispatcher')}) *${imports.library('subscribableevent.Event')}[${callback}] {`,
    `\tevent := ${made}[${callback}]()`,
    ...goComment(event.extra?.doc).map((row) => `\t${row}`),
    `\teventd.${register}(${args.join(', ')})`,
    '\treturn &event',
    '}',
  ].join('\n')
}

const listOf = (params: readonly Param[]): string => params.map(({ name, type }) => `${name} ${type}`).join(', ')

const typeFor = (ref: string, { imports }: Tools): string =>
  `${imports.library('reflect.TypeFor')}[${imports.declared(ref)}]()`

/** Fields as the parameters that they come from; with a capital where the small letter makes a word that is taken. */
function paramsOf(
  fields: readonly SchemaField[],
  owner: string,
  taken: readonly string[],
  tools: Tools,
): readonly Param[] {
  return fields.map((field) => {
    const name = goName(field.goName, `${owner} (${field.goName})`)
    const small = name.charAt(0).toLowerCase() + name.slice(1)
    const usable = !isKeyword(small) && !taken.includes(small)
    return { name: usable ? small : name, type: typeOf(field.node, `${owner} (${name})`, tools) }
  })
}

function typeOf(node: SchemaNode, owner: string, { imports }: Tools): string {
  if (isMarked(node))
    throw new RivuletError('schema', `${owner} is never null, which a parameter in Go cannot say`, {
      hint: "Write `| null` in the call, or the option role: 'client', whose structs can say it.",
    })
  return goField(node, owner, imports).type
}

const isMarked = (node: SchemaNode): boolean => ('notNull' in node && node.notNull) || partsOf(node).some(isMarked)
