import type { SourcePlace } from '../model/schema-model.ts'

/**
 * What changed between two schemas, as one closed set.
 *
 * Structs: `struct-added`, `struct-removed`, `struct-moved` (to another file), `flavour` (flat, fielded or partial).
 *
 * Fields with ids: `field-added`, `field-removed`, `field-renamed`, `id-changed`, `id-reused`, `max-lowered` (the highest id ever used was forgotten), `type-changed`,
 * `type-renamed` (the same bytes under another type's name), `delta-layout` (the field's deltas have other bytes, although its states have not: a partial struct that moved).
 *
 * Flat structs: `flat-layout`, and `field-renamed`.
 *
 * Enums and constants: `member-added`, `member-removed`, `member-value`, `const-changed`, `const-removed`.
 *
 * Stores: `store-added`, `store-removed`, `store-state`, `store-type`. Calls: `call-added`, `call-removed`, `call-kind` (with or without a response), `call-request`,
 * `call-response`. Events: `event-added`, `event-removed`, `event-packet`. Streams: `stream-added`, `stream-removed`. Stores and calls: `access-raised`, `access-lowered`.
 */
export type FindingCode =
  | 'struct-added'
  | 'struct-removed'
  | 'struct-moved'
  | 'flavour'
  | 'field-added'
  | 'field-removed'
  | 'field-renamed'
  | 'id-changed'
  | 'id-reused'
  | 'max-lowered'
  | 'type-changed'
  | 'type-renamed'
  | 'delta-layout'
  | 'flat-layout'
  | 'member-added'
  | 'member-removed'
  | 'member-value'
  | 'const-changed'
  | 'const-removed'
  | 'store-added'
  | 'store-removed'
  | 'store-state'
  | 'store-type'
  | 'call-added'
  | 'call-removed'
  | 'call-kind'
  | 'call-request'
  | 'call-response'
  | 'event-added'
  | 'event-removed'
  | 'event-packet'
  | 'stream-added'
  | 'stream-removed'
  | 'access-raised'
  | 'access-lowered'

/**
 * Who is hurt. `breaks-old-readers`: peers built before cannot read what peers built after write; `breaks-new-readers`: the other way round. `warning`: every byte is
 * still read, but it means something else to somebody. `safe`: old and new peers work together.
 */
export type FindingSeverity = 'breaks-both' | 'breaks-old-readers' | 'breaks-new-readers' | 'warning' | 'safe'

/** Two peers that are not of one age; the first is the one that notices. */
export type Peers =
  | 'old page with new host'
  | 'new page with old host'
  | 'old relay with new device'
  | 'new relay with old device'

/** One difference between two schemas, and what it does. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: FindingSeverity
  /** `package.Struct.Field`, or the name of the store, call or event on the wire. */
  readonly subject: string
  /** One sentence without a full stop. */
  readonly message: string
  /** What happens to whom; empty when nothing does. */
  readonly effects: readonly { readonly peers: Peers; readonly what: string }[]
  /** In the new sources; absent when the new model has no places, or the thing is gone. */
  readonly at: SourcePlace | undefined
  /** What to do about it, as a sentence. */
  readonly hint: string
}

/**
 * Whether two peers of different ages stop understanding each other.
 *
 * @example
 * process.exitCode = compareSchemas(before, after).some(isBreaking) ? 1 : 0
 */
export const isBreaking = ({ severity }: Finding): boolean => severity.startsWith('breaks-')
