import { RivuletError, toBytes } from '@rivulet/wire'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * A cursor over bytes, as generated code uses it. Every read is checked against what is there; the place of a view inside its buffer is honoured (pitfalls 9, 10, 15 to 17).
 *
 * Throws `RivuletError` `truncated` for a read beyond the end, `malformed` for a negative or fractional length, `invalid-value` when `input` is not binary.
 *
 * @example
 * const board = BoardStoreState.deserialized(new BinaryReader(bytes))
 */
// A class, because generated code says `new BinaryReader(…)`.
export class BinaryReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #end: number
  #pos: number

  /** Reads `input` from byte `offset` up to, not including, byte `end`. */
  constructor(input: ArrayBufferLike | ArrayBufferView, offset = 0, end?: number) {
    this.#bytes = toBytes(input)
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength)
    this.#pos = offset
    this.#end = Math.min(end ?? this.#bytes.byteLength, this.#bytes.byteLength)
  }

  /** Where the next read begins. */
  get offset(): number {
    return this.#pos
  }

  /** How many bytes there are left. */
  get remaining(): number {
    return this.#end - this.#pos
  }

  readBytes(length: number): Uint8Array {
    return this.readByteView(length).slice()
  }

  /** The same without a copy. */
  readByteView(length: number): Uint8Array {
    const at = this.#take(length)
    return this.#bytes.subarray(at, at + length)
  }

  /** A string of this many bytes of UTF-8. */
  readString(length: number): string {
    return utf8.decode(this.readByteView(length))
  }

  peekByte(): number {
    this.#need(1)
    return this.#view.getUint8(this.#pos)
  }

  readByte(): number {
    return this.#view.getUint8(this.#take(1))
  }

  readUint8(): number {
    return this.readByte()
  }

  readInt8(): number {
    return this.#view.getInt8(this.#take(1))
  }

  readUint16(): number {
    return this.#view.getUint16(this.#take(2), true)
  }

  readInt16(): number {
    return this.#view.getInt16(this.#take(2), true)
  }

  readUint32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  readInt32(): number {
    return this.#view.getInt32(this.#take(4), true)
  }

  readFloat32(): number {
    return this.#view.getFloat32(this.#take(4), true)
  }

  readFloat64(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  /** A reader of the next `count` bytes; this one goes on behind them. */
  slice(count: number): BinaryReader {
    const at = this.#take(count)
    return new BinaryReader(this.#bytes, at, at + count)
  }

  skipBytes(count: number): void {
    this.#take(count)
  }

  isEOF(): boolean {
    return this.#pos >= this.#end
  }

  #take(count: number): number {
    this.#need(count)
    const at = this.#pos
    this.#pos += count
    return at
  }

  #need(count: number): void {
    if (!Number.isSafeInteger(count) || count < 0)
      throw new RivuletError('malformed', `a length of ${count}`, { offset: this.#pos })
    if (count > this.remaining) {
      const what = `${count} bytes are wanted and ${Math.max(0, this.remaining)} are left`
      throw new RivuletError('truncated', what, { offset: this.#pos })
    }
  }
}
