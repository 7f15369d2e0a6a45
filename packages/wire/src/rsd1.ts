import { RivuletError } from './errors.ts'
import { toBytes } from './reader.ts'

/** One unit of a high-bandwidth stream (session.md §8.1). */
export interface StreamUnit {
  readonly type: 'frame' | 'blockSet'
  /** This frame can be used without any before it. Frames only. */
  readonly recovery: boolean
  /** What came before is not continued. */
  readonly discontinuity: boolean
  /** Ends a block set; has no payload. Block sets only. */
  readonly commit: boolean
  /** Above 0; a new one starts the sequence anew. */
  readonly generation: bigint
  /** Above 0. */
  readonly sequence: bigint
  /** Unix nanoseconds. */
  readonly timestamp: bigint
  /** Above 0. */
  readonly frameID: bigint
  /** Block sets: where this block starts. Frames: 0. */
  readonly firstIndex: number
  /** Block sets: how many items it holds. Frames: 0. */
  readonly itemCount: number
  /** Block sets: how many there are in all. Frames: 0. */
  readonly totalItemCount: number
  /** 1 to 4096 bytes of UTF-8, not blank. */
  readonly streamID: string
  /** What the payload is, such as `h264`: 1 to 4096 bytes of UTF-8, not blank. */
  readonly format: string
  readonly payload: Uint8Array
}

/** Bytes before the texts and the payload. */
const HEADER = 60
const TEXT_BYTES = 4096
/** Largest payload unless told otherwise: 32 MiB. */
const PAYLOAD_BYTES = 32 * 1024 * 1024
const MAGIC = 0x31445352
const FRAME = 1
const BLOCK_SET = 2
const RECOVERY = 1
const DISCONTINUITY = 2
const COMMIT = 4
const U64 = (1n << 64n) - 1n
const U32 = 0xffff_ffff

// Not even a byte order mark is dropped.
const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Encodes a unit as an RSD1 envelope (session.md §8.1).
 *
 * Throws `RivuletError` `invalid-value` for what an envelope cannot say, `out-of-range` for numbers that do not fit, `limit` for a payload above `maxPayload` bytes (32 MiB).
 *
 * @example
 * socket.send(encodeUnit(frame({ streamID: 'cam', format: 'h264', generation: 1n, sequence: 1n, timestamp, frameID: 1n, payload })))
 */
export function encodeUnit(unit: StreamUnit, maxPayload: number = PAYLOAD_BYTES): Uint8Array<ArrayBuffer> {
  checkUnit(unit, maxPayload)
  const id = encodeText('streamID', unit.streamID)
  const format = encodeText('format', unit.format)
  const out = new Uint8Array(HEADER + id.length + format.length + unit.payload.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint8(4, unit.type === 'frame' ? FRAME : BLOCK_SET)
  view.setUint8(
    5,
    (unit.recovery ? RECOVERY : 0) | (unit.discontinuity ? DISCONTINUITY : 0) | (unit.commit ? COMMIT : 0),
  )
  view.setBigUint64(8, unit.generation, true)
  view.setBigUint64(16, unit.sequence, true)
  view.setBigInt64(24, unit.timestamp, true)
  view.setBigUint64(32, unit.frameID, true)
  view.setUint32(40, unit.firstIndex, true)
  view.setUint32(44, unit.itemCount, true)
  view.setUint32(48, unit.totalItemCount, true)
  view.setUint16(52, id.length, true)
  view.setUint16(54, format.length, true)
  view.setUint32(56, unit.payload.length, true)
  out.set(id, HEADER)
  out.set(format, HEADER + id.length)
  out.set(unit.payload, HEADER + id.length + format.length)
  return out
}

/**
 * Decodes an RSD1 envelope. The payload is a view into `input`, not a copy.
 *
 * Throws `RivuletError` `truncated` or `malformed` with the byte offset for anything that no encoder writes, `limit` for a payload above `maxPayload` bytes (32 MiB).
 *
 * @example
 * socket.onmessage = ({ data }) => show(decodeUnit(data).payload)
 */
export function decodeUnit(input: unknown, maxPayload: number = PAYLOAD_BYTES): StreamUnit {
  const bytes = toBytes(input)
  if (bytes.length < HEADER)
    throw new RivuletError('truncated', 'an RSD1 header has 60 bytes', { offset: bytes.length })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(0, true) !== MAGIC) throw malformed('the data is no RSD1 envelope', 0)
  const type = view.getUint8(4)
  if (type !== FRAME && type !== BLOCK_SET) throw malformed(`there is no payload type ${type}`, 4)
  const flags = view.getUint8(5)
  if (flags > (RECOVERY | DISCONTINUITY | COMMIT)) throw malformed(`there are no flags ${flags}`, 5)
  if (view.getUint16(6, true) !== 0) throw malformed('reserved bytes are not 0', 6)
  const idLength = view.getUint16(52, true)
  const formatLength = view.getUint16(54, true)
  const payloadLength = view.getUint32(56, true)
  if (idLength > TEXT_BYTES) throw malformed(`a stream id has ${idLength} bytes`, 52)
  if (formatLength > TEXT_BYTES) throw malformed(`a format has ${formatLength} bytes`, 54)
  if (payloadLength > maxPayload) {
    throw new RivuletError('limit', `a payload has ${payloadLength} bytes, more than ${maxPayload}`, { offset: 56 })
  }
  const length = HEADER + idLength + formatLength + payloadLength
  if (bytes.length < length) throw new RivuletError('truncated', 'the envelope ends early', { offset: bytes.length })
  if (bytes.length > length) throw malformed('something follows the envelope', length)
  const at = HEADER + idLength
  const unit: StreamUnit = {
    type: type === FRAME ? 'frame' : 'blockSet',
    recovery: (flags & RECOVERY) !== 0,
    discontinuity: (flags & DISCONTINUITY) !== 0,
    commit: (flags & COMMIT) !== 0,
    generation: view.getBigUint64(8, true),
    sequence: view.getBigUint64(16, true),
    timestamp: view.getBigInt64(24, true),
    frameID: view.getBigUint64(32, true),
    firstIndex: view.getUint32(40, true),
    itemCount: view.getUint32(44, true),
    totalItemCount: view.getUint32(48, true),
    streamID: decodeText(bytes.subarray(HEADER, at), HEADER),
    format: decodeText(bytes.subarray(at, at + formatLength), at),
    payload: bytes.subarray(at + formatLength, length),
  }
  const fault = faultOf(unit)
  if (fault !== null) throw malformed(fault, 5)
  return unit
}

/**
 * Bytes that a unit takes on the wire.
 *
 * @example
 * if (unitSize(unit) > room) drop(unit)
 */
export function unitSize({ streamID, format, payload }: StreamUnit): number {
  return HEADER + encoder.encode(streamID).length + encoder.encode(format).length + payload.length
}

/**
 * A frame, with what frames do not use filled in.
 *
 * @example
 * frameUnit({ streamID, format: 'h264', generation: 1n, sequence: 1n, frameID: 1n, timestamp, payload, recovery: true })
 */
export function frameUnit(
  unit: Omit<
    StreamUnit,
    'type' | 'commit' | 'firstIndex' | 'itemCount' | 'totalItemCount' | 'recovery' | 'discontinuity'
  > &
    Partial<Pick<StreamUnit, 'recovery' | 'discontinuity'>>,
): StreamUnit {
  const rest = { commit: false, firstIndex: 0, itemCount: 0, totalItemCount: 0 }
  return { type: 'frame', recovery: false, discontinuity: false, ...rest, ...unit }
}

const encoder = new TextEncoder()

function checkUnit(unit: StreamUnit, maxPayload: number): void {
  for (const name of ['generation', 'sequence', 'frameID'] as const) {
    if (unit[name] < 0n || unit[name] > U64) throw outOfRange(name)
  }
  if (BigInt.asIntN(64, unit.timestamp) !== unit.timestamp) throw outOfRange('timestamp')
  for (const name of ['firstIndex', 'itemCount', 'totalItemCount'] as const) {
    if (!Number.isInteger(unit[name]) || unit[name] < 0 || unit[name] > U32) throw outOfRange(name)
  }
  const fault = faultOf(unit)
  if (fault !== null) throw new RivuletError('invalid-value', fault)
  if (unit.payload.length > maxPayload) {
    throw new RivuletError('limit', `a payload has ${unit.payload.length} bytes, more than ${maxPayload}`)
  }
}

/** What no envelope may say, although its parts are fine. */
function faultOf(unit: StreamUnit): string | null {
  const { firstIndex, itemCount, totalItemCount, payload } = unit
  if (unit.generation === 0n || unit.sequence === 0n || unit.frameID === 0n) {
    return 'generation, sequence and frame id are above 0'
  }
  if (unit.streamID.trim() === '' || unit.format.trim() === '') return 'stream id and format are not blank'
  if (unit.type === 'frame') {
    if (unit.commit) return 'a frame is not committed'
    if (firstIndex !== 0 || itemCount !== 0 || totalItemCount !== 0) return 'a frame has no items'
    return payload.length === 0 ? 'a frame has a payload' : null
  }
  if (unit.recovery) return 'a block set has no recovery'
  if (totalItemCount === 0) return 'a block set has items'
  if (unit.commit) {
    return firstIndex !== 0 || itemCount !== 0 || payload.length !== 0 ? 'a commit has no items and no payload' : null
  }
  if (itemCount === 0 || payload.length === 0) return 'a block has items and a payload'
  return firstIndex + itemCount > totalItemCount ? 'a block ends after its set' : null
}

function encodeText(name: string, value: string): Uint8Array {
  if (/\p{Surrogate}/u.test(value)) throw new RivuletError('invalid-value', `${name} holds half a surrogate pair`)
  const bytes = encoder.encode(value)
  if (bytes.length > TEXT_BYTES) throw new RivuletError('invalid-value', `${name} has more than ${TEXT_BYTES} bytes`)
  return bytes
}

function decodeText(bytes: Uint8Array, offset: number): string {
  try {
    return text.decode(bytes)
  } catch (cause) {
    throw new RivuletError('malformed', 'a text is not UTF-8', { offset, cause })
  }
}

function malformed(what: string, offset: number): RivuletError {
  return new RivuletError('malformed', what, { offset })
}

function outOfRange(name: string): RivuletError {
  return new RivuletError('out-of-range', `${name} does not fit its field`)
}
