/** Bytes by number, as many as fit; what was asked for least recently goes first. */
export interface BytesMemory {
  get(seq: number): Uint8Array | undefined
  set(seq: number, bytes: Uint8Array): void
  clear(): void
}

/** What an entry costs beside its bytes. */
const OVERHEAD = 64

/**
 * Makes a memory of at most `limit` bytes. What is larger than that by itself is not kept.
 *
 * @example
 * const memory = createBytesMemory(8 << 20)
 */
export function createBytesMemory(limit: number): BytesMemory {
  // In the order of their last use: a Map keeps the order of its insertions.
  const kept = new Map<number, Uint8Array>()
  let size = 0
  const forget = (seq: number): void => {
    size -= (kept.get(seq)?.length ?? -OVERHEAD) + OVERHEAD
    kept.delete(seq)
  }
  return {
    get(seq) {
      const bytes = kept.get(seq)
      if (bytes === undefined) return undefined
      kept.delete(seq)
      kept.set(seq, bytes)
      return bytes
    },
    set(seq, bytes) {
      forget(seq)
      if (bytes.length + OVERHEAD > limit) return
      kept.set(seq, bytes)
      size += bytes.length + OVERHEAD
      for (const oldest of kept.keys()) {
        if (size <= limit) break
        forget(oldest)
      }
    },
    clear() {
      kept.clear()
      size = 0
    },
  }
}
