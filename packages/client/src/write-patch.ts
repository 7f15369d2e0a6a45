import type { Path, PathPart } from '@rivulet/wire'
import { CHANGES, HAS_ERROR, MISSING, type PathChange, STATUS, STATUSES, VALUE } from './patch.ts'
import type { PathStatus, PlainError } from './protocol.ts'

/** A patch being written; see {@link createPatchWriter}. */
export interface PatchWriter {
  bytes: Uint8Array<ArrayBuffer>
  pos: number
}

const utf8 = new TextEncoder()
const scratch = new DataView(new ArrayBuffer(8))

/**
 * An empty patch. Fill it with `putStatus`, `putValue`, `putMissing` and `putChanges`, then take it with {@link finishPatch}.
 *
 * @example
 * const w = createPatchWriter()
 * putValue(w, 7, encodeValue(types, node, value))
 * port.postMessage({ type: 'patch', buffer: finishPatch(w) })
 */
export function createPatchWriter(capacity = 1024): PatchWriter {
  return { bytes: new Uint8Array(capacity), pos: 0 }
}

/** Says that watch `id` has a new status, with the reason when that is `error` (or `stale` after one). */
export function putStatus(w: PatchWriter, id: number, status: PathStatus, error?: PlainError): void {
  putHead(w, STATUS, id)
  putByte(w, STATUSES.indexOf(status) | (error === undefined ? 0 : HAS_ERROR))
  if (error === undefined) return
  putText(w, error.code)
  putText(w, error.what)
  const { store, path, offset, hint } = error
  putByte(
    w,
    (store === undefined ? 0 : 1) |
      (path === undefined ? 0 : 2) |
      (offset === undefined ? 0 : 4) |
      (hint === undefined ? 0 : 8),
  )
  if (store !== undefined) putText(w, store)
  if (path !== undefined) putPath(w, path, [])
  if (offset !== undefined) putUint(w, offset)
  if (hint !== undefined) putText(w, hint)
}

/** Gives the whole value of watch `id`, in wire bytes of its type. */
export function putValue(w: PatchWriter, id: number, bytes: Uint8Array): void {
  putHead(w, VALUE, id)
  putUint(w, bytes.length)
  putRaw(w, bytes)
}

/** Says that watch `id` leads to nothing. */
export function putMissing(w: PatchWriter, id: number): void {
  putHead(w, MISSING, id)
}

/** Gives the final values of what changed below watch `id`. */
export function putChanges(w: PatchWriter, id: number, changes: readonly PathChange[]): void {
  putHead(w, CHANGES, id)
  putUint(w, changes.length)
  let before: Path = []
  for (const { path, bytes } of changes) {
    putPath(w, path, before)
    before = path
    if (bytes === null) putUint(w, 0)
    else {
      putUint(w, bytes.length + 1)
      putRaw(w, bytes)
    }
  }
}

/** The finished patch, as a buffer of its own that can be transferred. The writer is empty afterwards and can be used again. */
export function finishPatch(w: PatchWriter): ArrayBuffer {
  const buffer = w.bytes.buffer.slice(0, w.pos)
  w.pos = 0
  return buffer
}

/** Starts a record. */
export function putHead(w: PatchWriter, kind: number, id: number): void {
  putByte(w, kind)
  putUint(w, id)
}

function putPath(w: PatchWriter, path: Path, before: Path): void {
  const most = Math.min(path.length, before.length)
  let shared = 0
  while (shared < most && Object.is(path[shared], before[shared])) shared++
  putUint(w, shared)
  putUint(w, path.length - shared)
  for (let i = shared; i < path.length; i++) putPart(w, path[i] as PathPart)
}

/** One part of a path, as in the grammar. */
export function putPart(w: PatchWriter, part: PathPart): void {
  switch (typeof part) {
    case 'string':
      putByte(w, 0)
      putText(w, part)
      return
    case 'number':
      // Zigzag doubles the number, so only half of the safe range may take it; -0 and NaN are keys too and only float64 keeps them.
      if (Number.isInteger(part) && Math.abs(part) < 2 ** 51 && !Object.is(part, -0)) {
        putByte(w, 1)
        putUint(w, part < 0 ? -2 * part - 1 : 2 * part)
      } else {
        putByte(w, 5)
        scratch.setFloat64(0, part, true)
        putRaw(w, new Uint8Array(scratch.buffer))
      }
      return
    case 'bigint':
      putByte(w, 2)
      putText(w, part.toString())
      return
    default:
      putByte(w, part ? 4 : 3)
  }
}

function putText(w: PatchWriter, s: string): void {
  const n = s.length
  if (n < 0x80) {
    // Short and ASCII, as keys and names are: a call into TextEncoder costs more than the loop.
    reserve(w, n + 1)
    const { bytes, pos } = w
    let i = 0
    for (; i < n; i++) {
      const c = s.charCodeAt(i)
      if (c >= 0x80) break
      bytes[pos + 1 + i] = c
    }
    if (i === n) {
      bytes[pos] = n
      w.pos = pos + 1 + n
      return
    }
  }
  const encoded = utf8.encode(s)
  putUint(w, encoded.length)
  putRaw(w, encoded)
}

/** One byte. */
export function putByte(w: PatchWriter, b: number): void {
  reserve(w, 1)
  w.bytes[w.pos++] = b
}

/** A number, seven bits a byte. */
export function putUint(w: PatchWriter, n: number): void {
  reserve(w, 8)
  while (n >= 0x80) {
    w.bytes[w.pos++] = (n % 128) | 0x80
    n = Math.floor(n / 128)
  }
  w.bytes[w.pos++] = n
}

function putRaw(w: PatchWriter, bytes: Uint8Array): void {
  reserve(w, bytes.length)
  w.bytes.set(bytes, w.pos)
  w.pos += bytes.length
}

/** Makes room for `n` more bytes; the buffer may be another one afterwards. */
export function reserve(w: PatchWriter, n: number): void {
  const need = w.pos + n
  if (need <= w.bytes.length) return
  const grown = new Uint8Array(Math.max(need, w.bytes.length * 2))
  grown.set(w.bytes.subarray(0, w.pos))
  w.bytes = grown
}
