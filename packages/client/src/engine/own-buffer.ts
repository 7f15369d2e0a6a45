/** The bytes in a buffer of their own, which can be transferred: a view of something larger (a pooled Node buffer, say) is copied. */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes
  if (buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength) return buffer
  return copyBuffer(bytes)
}

/** A copy in a buffer of its own. */
export function copyBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(copy).set(bytes)
  return copy
}
