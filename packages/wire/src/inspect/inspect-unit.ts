import { isRivuletError } from '../errors.ts'
import { toBytes } from '../reader.ts'
import { decodeUnit } from '../rsd1.ts'
import type { AttributedValue, Attribution, Inspection } from './attribution.ts'

/** A number at a fixed place of the header: offset, bytes, name, meaning. */
const HEADER: readonly (readonly [offset: number, length: number, path: string, meaning: string])[] = [
  [0, 4, 'magic', 'RSD1'],
  [4, 1, 'type', 'payload type: 1 frame, 2 block set'],
  [5, 1, 'flags', 'flags: 1 recovery, 2 discontinuity, 4 commit'],
  [6, 2, 'reserved', 'reserved, 0'],
  [8, 8, 'generation', 'generation'],
  [16, 8, 'sequence', 'sequence'],
  [24, 8, 'timestamp', 'Unix nanoseconds'],
  [32, 8, 'frameID', 'frame id'],
  [40, 4, 'firstIndex', 'first item'],
  [44, 4, 'itemCount', 'number of items'],
  [48, 4, 'totalItemCount', 'number of items of the set'],
  [52, 2, 'streamID', 'length of the text'],
  [54, 2, 'format', 'length of the text'],
  [56, 4, 'payload', 'length of the payload'],
]
const HEADER_BYTES = 60

/**
 * Names every byte of a unit of a data stream, an RSD1 envelope (session.md §8.1). `root` is what paths begin with.
 *
 * Never throws for what the bytes are: what {@link decodeUnit} says about them is `error`. Its header has fixed places, so all of it that is there is named in
 * any case. Throws `invalid-value` when `input` is no binary data.
 *
 * @example
 * for (const { path, meaning, value } of inspectUnit(message, 'Camera.Video').parts) console.log(path, meaning, value)
 */
export function inspectUnit(input: unknown, root: string): Inspection {
  const bytes = toBytes(input)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const parts: Attribution[] = []
  let at = 0
  const note = (length: number, path: string, meaning: string, value?: AttributedValue): void => {
    if (length > 0)
      parts.push({ offset: at, length, path: `${root}${path}`, meaning, ...(value === undefined ? {} : { value }) })
    at += length
  }
  for (const [offset, length, path, meaning] of HEADER)
    if (offset + length <= bytes.length) note(length, `.${path}`, meaning, headerValue(view, offset, length))
  if (bytes.length >= HEADER_BYTES) {
    const [idLength, formatLength] = [view.getUint16(52, true), view.getUint16(54, true)]
    const texts = [
      ['.streamID', idLength],
      ['.format', formatLength],
    ] as const
    for (const [path, length] of texts) {
      // Where what follows begins is not known, either.
      if (at + length > bytes.length) break
      note(length, path, 'text', textOf(bytes.subarray(at, at + length)))
    }
    const payload = view.getUint32(56, true)
    if (at === HEADER_BYTES + idLength + formatLength && at + payload <= bytes.length)
      note(payload, '.payload', 'payload')
  }
  const error = faultOf(bytes)
  note(bytes.length - at, '', error?.code === 'truncated' ? 'incomplete' : 'not read')
  return { parts, error }
}

function headerValue(view: DataView, offset: number, length: number): AttributedValue {
  if (offset === 0) return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset, 4))
  if (length === 1) return view.getUint8(offset)
  if (length === 2) return view.getUint16(offset, true)
  if (length === 4) return view.getUint32(offset, true)
  // The only number with a sign.
  const wide = offset === 24 ? view.getBigInt64(offset, true) : view.getBigUint64(offset, true)
  return Number.isSafeInteger(Number(wide)) ? Number(wide) : wide
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // What is no text is said by the decoder, in `error`.
    return undefined
  }
}

function faultOf(bytes: Uint8Array): Inspection['error'] {
  try {
    decodeUnit(bytes, Number.MAX_SAFE_INTEGER)
    return undefined
  } catch (error) {
    if (isRivuletError(error)) return error
    throw error
  }
}
