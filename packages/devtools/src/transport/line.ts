import type { Transport } from '../protocol.ts'

/** What carries the messages of a transport, as they are. */
export interface Carrier {
  post(message: unknown, transfer?: readonly Transferable[]): void
  /** Called once. */
  listen(heard: (message: unknown) => void): void
  /** Lets go of everything. */
  close(): void
}

/** `m` a message, `a` so many have been taken, `x` the end. */
type Parcel = readonly ['m', unknown] | readonly ['a', number] | readonly ['x']

/** Messages that are kept until somebody listens; beyond, the line is given up: the other end does not look at what it is told. */
const MAX_WAITING = 10_000

/** Both ends of a line over a carrier that both hear: it keeps count of what the other end has taken (`pending`), keeps what comes before anybody listens, and says when the other end has closed. */
export function openLine<Out, In>(carrier: Carrier): Transport<Out, In> {
  const listeners = new Set<(message: In) => void>()
  const ends = new Set<() => void>()
  let waiting: In[] = []
  let sent = 0
  let taken = 0
  let heard = 0
  let acked = 0
  let acking = false
  let isOpen = true

  const end = (): void => {
    if (!isOpen) return
    isOpen = false
    waiting = []
    carrier.close()
    for (const listener of ends) listener()
    ends.clear()
  }

  const post = (parcel: Parcel, transfer?: readonly Transferable[]): void => {
    if (isOpen) carrier.post(parcel, transfer)
  }

  // One for all that came in this turn: a line of many small messages must not carry as many answers.
  const ack = (): void => {
    if (acking) return
    acking = true
    queueMicrotask(() => {
      acking = false
      if (acked === heard) return
      acked = heard
      post(['a', heard])
    })
  }

  const take = (message: In): void => {
    heard++
    ack()
    for (const listener of listeners) listener(message)
  }

  carrier.listen((raw) => {
    if (!isOpen || !Array.isArray(raw)) return
    const [kind, what] = raw as unknown as Parcel
    if (kind === 'x') end()
    else if (kind === 'a') taken = Math.max(taken, Math.min(sent, what))
    // After those that wait, if any do.
    else if (kind === 'm' && listeners.size > 0 && waiting.length === 0) take(what as In)
    else if (kind === 'm' && waiting.length < MAX_WAITING) waiting.push(what as In)
    else if (kind === 'm') {
      post(['x'])
      end()
    }
  })

  return {
    send(message, transfer) {
      if (!isOpen) return
      sent++
      post(['m', message], transfer)
    },
    listen(listener) {
      listeners.add(listener)
      // In a task of their own, as all messages come.
      if (waiting.length > 0) setTimeout(flush)
    },
    closed(listener) {
      if (isOpen) ends.add(listener)
      else queueMicrotask(listener)
    },
    close() {
      // Who closes knows it: only the other end hears.
      ends.clear()
      post(['x'])
      end()
    },
    pending: () => sent - taken,
  }

  function flush(): void {
    // Whoever hears one may close the line, which empties it.
    for (let i = 0; i < waiting.length; i++) take(waiting[i] as In)
    waiting = []
  }
}
