import type { Checkpoint, FeedEntry, Gap } from '@rivulet/client/inspect'
import { isRivuletError, RivuletError } from '@rivulet/wire'
import { fromBase64 } from './base64.ts'
import { bad, type Check, inside, kindOf, list, number, object, plain, text, whole } from './checks.ts'
import { readDefs } from './def-checks.ts'
import { readEntry } from './entry-checks.ts'
import { type Recording, RECORDING_VERSION, type RecordingInfo } from './recording.ts'

/** Characters of a file that is read. */
export const MAX_RECORDING_LENGTH: number = 256 * 1024 * 1024

const info = object({}, { url: text(), page: text(), since: number, taken: number, note: text(1_000_000) })

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

const gap = object({ store: text(), seq: whole() })

const checkpoint = object({ store: text(), seq: whole(), at: number, state: buffer })

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
      `the recording cannot be read: ${e.code === 'schema' ? `${e.message}` : e.what}`,
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
    throw new RivuletError('config', `it has version ${version}, and this is a reader of version ${RECORDING_VERSION}`, {
      path: ['version'],
      hint: 'Use the version of @rivulet/devtools that wrote it, or a later one.',
    })
  }
  const entries = inside('entries', list(readEntry), from['entries'])
  const payloads = inside('payloads', list(payload), from['payloads'])
  const checkpoints = inside('checkpoints', list(checkpoint), from['checkpoints']) as unknown as readonly Checkpoint[]
  const gaps = inside('gaps', list(gap), from['gaps'] ?? []) as unknown as readonly Gap[]
  inside('entries', inOrder, entries)
  inside('payloads', haveFrames(entries), payloads)
  return {
    info: inside('info', info, from['info']) as RecordingInfo,
    defs: readDefs(from),
    ring: { first: entries[0]?.seq ?? 0, last: entries.at(-1)?.seq ?? 0, entries, payloads, checkpoints, gaps },
  }
}

/** Whoever reads a recording looks entries up by number. */
const inOrder = (entries: unknown): void => {
  let before: number | undefined
  for (const [i, { seq }] of (entries as readonly FeedEntry[]).entries()) {
    inside(i, () => {
      if (before !== undefined && seq !== before + 1) throw bad(`number ${seq} does not follow ${before}`)
    }, seq)
    before = seq
  }
}

function haveFrames(entries: readonly FeedEntry[]): Check<void> {
  const first = entries[0]?.seq ?? 0
  return (payloads) => {
    let before = 0
    for (const [i, [seq]] of (payloads as Recording['ring']['payloads']).entries()) {
      inside(i, () => {
        if (seq <= before) throw bad(`number ${seq} does not follow ${before}`)
        if (entries[seq - first]?.type !== 'frame') throw bad(`there is no message ${seq} among the entries`)
      }, seq)
      before = seq
    }
  }
}
