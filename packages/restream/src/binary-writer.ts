const utf8 = new TextEncoder()

/**
 * Bytes that grow as they are written, as generated code uses them. Any single write fits, however large (pitfall 1).
 *
 * @example
 * const w = new BinaryWriter()
 * PlaceTokenRequest.fromValues(1, 2).serialize(w, undefined)
 * send(w.getBytes())
 */
// A class, because generated code says `new BinaryWriter()`.
export class BinaryWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  #pos = 0

  /** `suggestedLength`: how many bytes to begin with. */
  constructor(suggestedLength = 64) {
    this.#bytes = new Uint8Array(Math.max(16, suggestedLength))
    this.#view = new DataView(this.#bytes.buffer)
  }

  writeUint8(value: number): void {
    const at = this.#grow(1)
    this.#view.setUint8(at, value)
  }

  writeUint16(value: number): void {
    const at = this.#grow(2)
    this.#view.setUint16(at, value, true)
  }

  writeUint32(value: number): void {
    const at = this.#grow(4)
    this.#view.setUint32(at, value, true)
  }

  writeFloat32(value: number): void {
    const at = this.#grow(4)
    this.#view.setFloat32(at, value, true)
  }

  writeFloat64(value: number): void {
    const at = this.#grow(8)
    this.#view.setFloat64(at, value, true)
  }

  writeBytes(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length)
    this.#bytes.set(bytes, at)
  }

  /** The text in UTF-8, without its length. */
  writeStringAsBytes(text: string): void {
    this.writeBytes(utf8.encode(text))
  }

  getLength(): number {
    return this.#pos
  }

  /** What has been written, as a view that the next write may move away from. */
  getBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#pos)
  }

  #grow(count: number): number {
    const at = this.#pos
    this.#pos += count
    if (this.#pos > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#pos, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, at))
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    return at
  }
}
