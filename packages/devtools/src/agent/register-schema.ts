import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef } from '@rivulet/wire'

/** Descriptors that the app has told of. */
export interface Schema {
  readonly requests: readonly (RpcDef | SendDef)[]
  readonly events: readonly (EventDef | KeyedEventDef)[]
  readonly stores: readonly StoreDef[]
}

type Def = RpcDef | SendDef | EventDef | KeyedEventDef | StoreDef

/** Shared by all copies of this package on the page, so that an app and its tools need not have the same one. */
interface Registry {
  /** By kind and name: a module that is loaded again takes the place of its former self. */
  readonly defs: Map<string, Def>
  readonly listeners: Set<() => void>
}

const REGISTRY = Symbol.for('rivulet.devtools.schema')

/**
 * Tells devtools of calls, sends, events and stores before the app has used them, so that they can be tried out. Takes the exports of a generated module; whatever is no descriptor is left out.
 *
 * @example
 * import * as schema from './board.gen.ts'
 * registerSchema(schema)
 */
export function registerSchema(exports: Readonly<Record<string, unknown>>): void {
  const { defs, listeners } = registry()
  const found = Object.values(exports).filter(isDef)
  for (const def of found) defs.set(`${def.kind} ${def.kind === 'keyedEvent' ? `${def.store}.` : ''}${def.name}`, def)
  if (found.length > 0) for (const listener of listeners) listener()
}

/** What has been registered so far; undefined when that is nothing. */
export function knownSchema(): Schema | undefined {
  const defs = [...registry().defs.values()]
  if (defs.length === 0) return undefined
  return {
    requests: defs.filter((def) => def.kind === 'rpc' || def.kind === 'send'),
    events: defs.filter((def) => def.kind === 'event' || def.kind === 'keyedEvent'),
    stores: defs.filter((def) => def.kind === 'store'),
  }
}

/** Hears the whole schema whenever it has grown; returns what ends that. */
export function onSchema(listener: (schema: Schema) => void): () => void {
  const { listeners } = registry()
  const heard = (): void => {
    const schema = knownSchema()
    if (schema !== undefined) listener(schema)
  }
  listeners.add(heard)
  return () => void listeners.delete(heard)
}

const SHAPES: Readonly<Record<string, readonly string[]>> = {
  rpc: ['request', 'response'],
  send: ['request'],
  event: ['packet'],
  keyedEvent: ['packet', 'store'],
  store: ['state'],
}

function isDef(value: unknown): value is Def {
  if (typeof value !== 'object' || value === null) return false
  const def = value as Readonly<Record<string, unknown>>
  const kind = def['kind']
  if (typeof kind !== 'string' || !Object.hasOwn(SHAPES, kind) || !Array.isArray(def['types'])) return false
  return ['name', ...(SHAPES[kind] ?? [])].every((key) => typeof def[key] === 'string')
}

function registry(): Registry {
  const page = globalThis as { [REGISTRY]?: Registry }
  return (page[REGISTRY] ??= { defs: new Map(), listeners: new Set() })
}
