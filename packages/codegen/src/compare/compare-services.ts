import type { Extra, SchemaFfrpc, SchemaModel, SchemaRpc, SchemaStore, SchemaStream } from '../model/schema-model.ts'
import { compareAccess, compareGone, compareNew, type Service } from './compare-access.ts'
import { comparePacket } from './compare-flat.ts'
import { flow } from './flow.ts'
import { both, breaks, type Comparison } from './report.ts'
import { qualified } from './uses.ts'

/** Compares stores, calls, events and streams by their names on the wire, whatever package declares them. */
export function compareServices(comparison: Comparison): void {
  const [before, after] = [servicesOf(comparison.before.model), servicesOf(comparison.after.model)]
  each(comparison, 'store', before.stores, after.stores, compareStore)
  each(comparison, 'call', before.calls, after.calls, compareCall)
  each(comparison, 'event', before.events, after.events, compareEvent)
  // Its name and its store are all that a stream has.
  each(comparison, 'stream', before.streams, after.streams, () => undefined)
}

interface Call {
  readonly def: SchemaRpc | SchemaFfrpc
  readonly request: string
  /** Absent when nobody answers. */
  readonly response?: string
  readonly extra?: Extra
}

interface Event {
  readonly packet: string
  readonly extra?: Extra
}

interface Services {
  readonly stores: ReadonlyMap<string, SchemaStore>
  readonly calls: ReadonlyMap<string, Call>
  readonly events: ReadonlyMap<string, Event>
  readonly streams: ReadonlyMap<string, SchemaStream>
}

function servicesOf(model: SchemaModel): Services {
  const stores = new Map<string, SchemaStore>()
  const calls = new Map<string, Call>()
  const events = new Map<string, Event>()
  const streams = new Map<string, SchemaStream>()
  for (const { name: pkg, ...all } of model.packages) {
    for (const store of all.stores) stores.set(store.name, store)
    for (const def of all.ffrpcs) calls.set(def.name, { def, request: qualified(pkg, def.request), ...extra(def) })
    for (const def of all.rpcs)
      calls.set(def.name, {
        def,
        request: qualified(pkg, def.request),
        response: qualified(pkg, def.response),
        ...extra(def),
      })
    for (const def of all.events) events.set(def.name, { packet: qualified(pkg, def.packet), ...extra(def) })
    // Two stores may have keyed events of one name.
    for (const def of all.keyedEvents)
      events.set(`${def.store}/${def.name}`, { packet: qualified(pkg, def.packet), ...extra(def) })
    // A stream that moves to another store is another one.
    for (const def of all.streams ?? []) streams.set(`${def.store}/${def.name}`, def)
  }
  return { stores, calls, events, streams }
}

const extra = (def: { readonly extra?: Extra }): { extra?: Extra } =>
  def.extra === undefined ? {} : { extra: def.extra }

type Compare<T> = (comparison: Comparison, name: string, old: T, now: T) => void

function each<T extends { readonly extra?: Extra }>(
  comparison: Comparison,
  what: Service,
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  compare: Compare<T>,
): void {
  for (const [name, old] of before) {
    const now = after.get(name)
    if (now === undefined) compareGone(comparison, what, name)
    else compare(comparison, name, old, now)
  }
  for (const [name, now] of after) if (!before.has(name)) compareNew(comparison, what, name, now.extra)
}

function compareStore(comparison: Comparison, name: string, old: SchemaStore, now: SchemaStore): void {
  const { before, after, uses } = comparison
  const ways = uses.ways(now.state)
  const oldNode = { kind: 'struct', ref: old.state } as const
  const newNode = { kind: 'struct', ref: now.state } as const
  breaks(
    comparison,
    ways,
    {
      new: flow(oldNode, newNode, { from: before, to: after }),
      old: flow(newNode, oldNode, { from: after, to: before }),
    },
    {
      code: 'store-state',
      subject: name,
      message: `the state of ${name} was ${old.state} and is ${now.state}`,
      hint: 'Give the new state a store of a new name.',
      at: now.extra,
    },
  )
  if (old.type !== now.type)
    breaks(comparison, new Set(['relay']), both(`one of the two sends ${name} and the other does not expect it`), {
      code: 'store-type',
      subject: name,
      message: `${name} was ${old.type} and is ${now.type}`,
      hint: 'Update devices and their relay together, or use a new name.',
      at: now.extra,
    })
  compareAccess(comparison, name, old.minimumAccess, now.minimumAccess, now.extra)
}

function compareCall(comparison: Comparison, name: string, old: Call, now: Call): void {
  const packet = (side: 'before' | 'after', ref: string) => comparison[side].packets.get(ref)
  if ((old.response === undefined) !== (now.response === undefined))
    return breaks(
      comparison,
      new Set(['down']),
      both(`one of the two waits for a response to ${name}, or gets one that it did not ask for`),
      {
        code: 'call-kind',
        subject: name,
        message: `${name} had ${old.response === undefined ? 'no response' : 'a response'} and has ${now.response === undefined ? 'none' : 'one'}`,
        hint: 'Register it under a new name.',
        at: now.extra,
      },
    )
  comparePacket(comparison, 'call-request', name, 'up', packet('before', old.request), packet('after', now.request))
  if (old.response !== undefined && now.response !== undefined)
    comparePacket(
      comparison,
      'call-response',
      name,
      'down',
      packet('before', old.response),
      packet('after', now.response),
    )
  compareAccess(comparison, name, old.def.access, now.def.access, now.extra)
}

function compareEvent(comparison: Comparison, name: string, old: Event, now: Event): void {
  const { before, after } = comparison
  comparePacket(comparison, 'event-packet', name, 'down', before.packets.get(old.packet), after.packets.get(now.packet))
}
