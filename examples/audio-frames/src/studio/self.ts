/** Who this page is to the host. */
export interface Self {
  /** The same for as long as the page lives, whatever becomes of its connections. */
  readonly id: string
  /** Sent with every connect. */
  readonly name: string
  rename(name: string): void
}

const NAMES = ['Ada', 'Ben', 'Cleo', 'Dov', 'Edda', 'Finn', 'Gwen', 'Hugo']

/** Makes up an id and a name. */
export function createSelf(): Self {
  // Not randomUUID, which exists on secure origins only.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  let name = NAMES[(bytes[0] ?? 0) % NAMES.length] ?? 'Ada'
  return {
    id,
    get name() {
      return name
    },
    rename(next) {
      name = next
    },
  }
}
