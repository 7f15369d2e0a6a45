/** The methods that engines have got in 2025; those that lack them take the longer way. */
interface WithBase64 {
  toBase64?: () => string
}
interface FromBase64 {
  fromBase64?: (text: string) => Uint8Array<ArrayBuffer>
}

/** Few enough for a call's arguments. */
const CHUNK = 0x2000

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  const native = (bytes as WithBase64).toBase64?.()
  if (native !== undefined) return native
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(binary)
}

/** The bytes of base64; throws SyntaxError, or the DOM's error, for what is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as FromBase64).fromBase64?.(text)
  return native ?? Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
