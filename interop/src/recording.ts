import { readdirSync, readFileSync } from 'node:fs'
import { recordingsFolder, type SchemaName } from './recorded-schema.ts'

/** One step of a recorded conversation (vectors/sessions/README.md). */
export interface RecordedStep {
  readonly dir: string
  readonly conn?: string
  readonly event: string
  readonly json?: unknown
  readonly bin?: readonly string[]
  readonly t: number
}

/** One recorded conversation with a real Go server. */
export interface Recording {
  readonly name: string
  readonly server: 'A' | 'B' | 'C'
  readonly schema: SchemaName
  readonly description: string
  readonly setup: {
    readonly server?: {
      readonly mode: 'keyed' | 'full'
      readonly sessions: boolean
      readonly streams?: boolean
      readonly detachedMs?: number
      readonly perOwner?: number
      readonly limits?: Readonly<Record<string, number>>
    }
    readonly state: Readonly<Record<string, string>>
  }
  readonly final: { readonly server: Readonly<Record<string, string>> }
  readonly notes: readonly string[]
  readonly varies: Readonly<Record<string, string>>
  readonly steps: readonly RecordedStep[]
}

/** All recordings, by file name. */
export const recordings: readonly Recording[] = readdirSync(recordingsFolder)
  .filter((file) => file.endsWith('.json') && file !== 'schema.json')
  .toSorted()
  .map((file) => JSON.parse(readFileSync(new URL(file, recordingsFolder), 'utf8')) as Recording)

/** Whether a host can have had this conversation: server C relays a device. */
export function isServable({ server, setup }: Recording): boolean {
  return server !== 'C' && setup.server !== undefined
}

/** Whether the recording's notes say that the reference leaves a viewer behind. */
export function hasGap({ notes }: Recording): boolean {
  return notes.some((note) => note.includes('reference gap'))
}

/** The bytes of a step's attachment. */
export function attachment(step: RecordedStep, index = 0): Uint8Array {
  return Uint8Array.from(Buffer.from((step.bin as readonly string[])[index] as string, 'hex'))
}

/** A step's argument with its attachments put back in place of `{"$bin": i}`. */
export function payload(step: RecordedStep): unknown {
  return attach(step, step.json)
}

function attach(step: RecordedStep, json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((part) => attach(step, part))
  if ('$bin' in json) return Buffer.from(attachment(step, json.$bin as number))
  return Object.fromEntries(Object.entries(json).map(([name, part]) => [name, attach(step, part)]))
}
