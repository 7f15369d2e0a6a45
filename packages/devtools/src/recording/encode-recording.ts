import { toBytes } from '@rivulet/wire'
import { toBase64 } from './base64.ts'
import { writeDefs } from './def-checks.ts'
import { writeEntry, writePart } from './entry-checks.ts'
import { type Recording, RECORDING_VERSION } from './recording.ts'

/**
 * A recording as the text of an `.rsrec` file (docs/devtools-recording.md): JSON with one entry, payload or checkpoint to a line, so that two recordings can be compared with any tool for text.
 *
 * @example
 * await writeFile('board.rsrec', encodeRecording(recording))
 */
export function encodeRecording({ info, defs, ring }: Recording): string {
  const head = { rivulet: 'recording', version: RECORDING_VERSION, info }
  const { tables, stores, requests, events } = writeDefs(defs)
  const parts: readonly (readonly [name: string, items: readonly unknown[]])[] = [
    ['tables', tables ?? []],
    ['stores', stores ?? []],
    ['requests', requests ?? []],
    ['events', events ?? []],
    ['entries', ring.entries.map(writeEntry)],
    ['payloads', ring.payloads.map(([seq, bytes]) => [seq, toBase64(toBytes(bytes))])],
    ['checkpoints', ring.checkpoints.map((c) => ({ ...c, state: toBase64(toBytes(c.state)) }))],
    ['gaps', ring.gaps ?? []],
  ]
  const lines = parts.map(([name, items]) => `"${name}":[${items.map((item) => `\n${stringify(item)}`).join(',')}]`)
  return `${JSON.stringify(head).slice(0, -1)},\n${lines.join(',\n')}}\n`
}

/** Bigints stand in map keys of errors only, and there {@link writePart} has been; but whoever extends an entry must not lose a whole recording by one. */
function stringify(item: unknown): string {
  return JSON.stringify(item, (_, value: unknown) => (typeof value === 'bigint' ? writePart(value) : value))
}
