import type { Checkpoint, FeedEntry, Gap } from '@rivulet/client/inspect'
import { isRivuletError, RivuletError } from '@rivulet/wire'
import { fromBase64 } from './base64.ts'
import { bad, type Check, inside, kindOf, list, number, object, plain, text, whole } from './checks.ts'
import { readDefs } from './def-checks.ts'
import { readEntry } from './entry-checks.ts'
import { type Recording, RECORDING_VERSION, type RecordingInfo } from './recording.ts'

/** Characters of a file that is read. */
export const MAX_RECORDING_LENGTH: number = 256 * 1024 * 1024

const info: Check<RecordingInfo> = object(
  {},
  { url: text(), page: text(), since: number, taken: number, note: text(1_000_000) },
)

const buffer: Check<ArrayBuffer> = (value) => {
  const encoded = text(MAX_RECORDING_LENGTH)(value)
  try {
    return fromBase64(encoded).buffer
  } catch (cause) {
    throw new RivuletError('malformed', 'expected base64', { cause })
  }
}

const payload: Check<readonly [number, ArrayBuffer]> = (value) => {
  if (!Array.isArray(value) || value.length !== 2) throw bad(`expected a number and bytes, got ${kindOf(value)}`)
  return [inside(0, whole(1), value[0]), inside(1, buffer, value[1])]
}

const gap = object({ store: text(), seq: whole() }) as Check<unknown> as Check<Gap>

const checkpoint = object({
  store: text(),
  seq: whole(),
  at: number,
  state: buffer,
}) as Check<unknown> as Check<Checkpoint>

/**
 * Reads the text of an `.rsrec` file, which may come from anybody: nothing in it is run, every part is checked, and sizes are bounded (256 Mi characters, 1,000,000 entries).
 *
 * Throws `malformed`, with the place in the file as `path`, for anything that {@link encodeRecording} does not write, and `config` for a file of a later version.
 *
 * @example
 * const recording = readRecording(await readFile('board.rsrec', 'utf8'))
 */
export function readRecording(file: string): Recording {
  try {
    return read(parse(file))
  } catch (e) {
    if (!isRivuletError(e)) throw e
    throw new RivuletError(
      e.code === 'config' ? 'config' : 'malformed',
      `the recording cannot be read: ${e.code === 'schema' ? e.message : e.what}`,
      { path: e.path, hint: e.hint ?? 'Take what encodeRecording() or the panel’s export wrote, as it is.', cause: e },
    )
  }
}

function parse(file: unknown): unknown {
  const source = text(MAX_RECORDING_LENGTH)(file)
  try {
    return JSON.parse(source)
  } catch (cause) {
    throw new RivuletError('malformed', `it is no JSON (${(cause as Error).message})`, { cause })
  }
}

function read(parsed: unknown): Recording {
  const from = plain(parsed)
  if (from['rivulet'] !== 'recording') throw bad('it does not say that it is a recording of Rivulet')
  const version = inside('version', whole(1), from['version'])
  if (version !== RECORDING_VERSION) {
    throw new RivuletError(
      'config',
      `it has version ${version}, and this is a reader of version ${RECORDING_VERSION}`,
      {
        path: ['version'],
        hint: 'Use the version of @rivulet/devtools that wrote it, or a later one.',
      },
    )
  }
  const entries = inside('entries', list(readEntry), from['entries'])
  const payloads = inside('payloads', list(payload), from['payloads'])
  const checkpoints = inside('checkpoints', list(checkpoint), from['checkpoints'])
  const gaps = inside('gaps', list(gap), from['gaps'] ?? [])
  inside('entries', inOrder, entries)
  inside('payloads', haveFrames(entries), payloads)
  return {
    info: inside('info', info, from['info']),
    defs: readDefs(from),
    ring: { first: entries[0]?.seq ?? 0, last: entries.at(-1)?.seq ?? 0, entries, payloads, checkpoints, gaps },
  }
}

/** Whoever reads a recording looks entries up by number. */
const inOrder: Check<void> = (entries) => {
  let expected: number | undefined
  for (const [i, { seq }] of (entries as readonly FeedEntry[]).entries()) {
    if (seq !== (expected ?? seq)) inside(i, unexpected, seq)
    expected = seq + 1
  }
}

const unexpected: Check<never> = (seq) => {
  throw bad(`number ${String(seq)} is out of order`)
}

function haveFrames(entries: readonly FeedEntry[]): Check<void> {
  const first = entries[0]?.seq ?? 0
  return (payloads) => {
    let before = 0
    for (const [i, [seq]] of (payloads as Recording['ring']['payloads']).entries()) {
      if (seq <= before) inside(i, unexpected, seq)
      if (entries[seq - first]?.type !== 'frame') inside(i, frameless, seq)
      before = seq
    }
  }
}

const frameless: Check<never> = (seq) => {
  throw bad(`there is no message ${String(seq)} among the entries`)
}
