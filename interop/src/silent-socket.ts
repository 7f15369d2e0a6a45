/** A data connection that opens and stays silent: the recorded addresses do not exist. */
class SilentSocket extends EventTarget {
  static readonly opened: OpenedSocket[] = []

  constructor(url: string, protocols: readonly string[]) {
    super()
    SilentSocket.opened.push({ url, protocols })
    queueMicrotask(() => this.dispatchEvent(new Event('open')))
  }

  close(): void {
    // Nobody is at the other end.
  }
}

/** A data connection that somebody opened. */
export interface OpenedSocket {
  readonly url: string
  readonly protocols: readonly string[]
}

/** Puts silent data connections in the place of real ones while `work` runs, which is told of those that are opened. (Socket.IO has its own WebSockets in Node.) */
export async function withSilentSockets<T>(work: (opened: readonly OpenedSocket[]) => Promise<T>): Promise<T> {
  const real = globalThis.WebSocket
  SilentSocket.opened.length = 0
  globalThis.WebSocket = SilentSocket as unknown as typeof WebSocket
  try {
    return await work(SilentSocket.opened)
  } finally {
    globalThis.WebSocket = real
  }
}
