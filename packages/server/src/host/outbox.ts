import { messageSize } from './message-size.ts'
import { pendingUpdate, type PendingUpdate, type StoreUpdate } from './pending-update.ts'

/** A message to a viewer: event name and its one argument. Bytes inside are shared and never changed. */
export interface Message {
  readonly event: string
  readonly body: Readonly<Record<string, unknown>>
  /** What a `storeupdate` does, so that it can be merged while it waits. Not sent. */
  readonly update?: StoreUpdate
}

/** A place in the queue whose message is not known yet. */
export interface HeldPlace {
  /** Puts the messages in this place; none when nothing is to be said. */
  settle(messages: readonly Message[]): void
}

/** Everything that goes to one viewer, in one order. */
export interface Outbox {
  put(message: Message): void
  /** Keeps a place, so that what is put later stays behind it. */
  hold(): HeldPlace
  /** Messages that wait. */
  readonly depth: number
  /** Passes on what the transport can take now. */
  readonly pump: () => void
  /** Accepts nothing any more. Returns what the transport never got; places still held are lost. */
  close(): readonly Message[]
}

interface Entry {
  /** What is to be sent; null while the place is held. */
  messages: readonly Message[] | null
  /** Later updates of the same store were merged into this place. */
  pending: PendingUpdate | null
  size: number
}

/** What an outbox needs from the connection. */
export interface Transport {
  /** Packets that the transport has accepted and not sent yet. */
  backlog(): number
  emit(message: Message): void
  /** An update was merged with one that waited. */
  conflated?(): void
}

/** How much may wait. */
export interface OutboxLimits {
  readonly queuedMessages: number
  readonly queuedBytes: number
}

/** The transport gets a little ahead, so that it can send several packets at once; the rest waits here, where it is counted and merged. */
const AHEAD_PACKETS = 32
const AHEAD_BYTES = 1024 * 1024
/** A burst is no slow viewer: so many times `queuedMessages` may wait, but not longer than this. */
const BURST = 8
const PATIENCE_MS = 1000
/** Shorter queues are not gone through in search of something to merge. */
const WORTH_COMPACTING = 64

/**
 * A bounded first-in-first-out queue in front of a transport. What a viewer does not take in time is conflated: an update of a store that waits already is merged into
 * its place, so that it may be early but never late. When more than `limits` allow waits nevertheless, for longer than a burst takes, `overflow` is called once with what fills the queue, and the
 * outbox is closed: a viewer that cannot keep up is disconnected instead of making the host keep its past.
 */
export function createOutbox(
  limits: OutboxLimits,
  transport: Transport,
  overflow: (filledBy: Readonly<Record<string, number>>) => void,
): Outbox {
  let queue: Entry[] = []
  let head = 0
  let bytes = 0
  let open = true
  /** Where a later update of a store may be merged: nothing that is held comes after that place. */
  let places = new Map<string, Entry>()
  let compactAt = WORTH_COMPACTING
  let ahead = 0
  /** Runs while more waits than may wait for long. */
  let patience: NodeJS.Timeout | undefined

  function put(message: Message): void {
    if (!open) return
    // Most of the time nothing waits, and thousands are told: no entry, no place, no queue.
    if (head === queue.length && !pumping && hasRoom()) {
      passDirectly(message)
      return
    }
    const { update } = message
    const place = placeFor(places, update)
    if (update !== undefined && place !== undefined) {
      merge(place, update)
      pump()
      check()
      return
    }
    const entry: Entry = { messages: [message], pending: null, size: messageSize(message) }
    if (update !== undefined) places.set(update.def.name, entry)
    enqueue(entry)
  }

  function merge(place: Entry, update: StoreUpdate): void {
    const first = (place.messages as readonly Message[])[0]?.update as StoreUpdate
    place.pending ??= pendingUpdate(first)
    place.pending.add(update)
    resize(place, place.pending.size)
    transport.conflated?.()
  }

  function resize(entry: Entry, size: number): void {
    bytes += size - entry.size
    entry.size = size
  }

  function enqueue(entry: Entry): void {
    queue.push(entry)
    bytes += entry.size
    pump()
    check()
  }

  const depth = (): number => queue.length - head
  const isTooMuch = (): boolean => depth() > limits.queuedMessages * BURST || bytes > limits.queuedBytes

  function check(): void {
    if (isTooMuch()) {
      compact()
      if (isTooMuch()) giveUp()
    } else if (depth() > limits.queuedMessages) patience ??= setTimeout(runOut, PATIENCE_MS).unref()
  }

  function runOut(): void {
    patience = undefined
    compact()
    if (depth() > limits.queuedMessages) giveUp()
  }

  function calmDown(): void {
    if (patience === undefined || depth() > limits.queuedMessages) return
    clearTimeout(patience)
    patience = undefined
  }

  function giveUp(): void {
    const filledBy = tally(queue, head)
    overflow(filledBy)
    close()
  }

  /** Merges what came through held places, which could not be merged when it came. */
  function compact(): void {
    const kept: Entry[] = []
    const last = new Map<string, Entry>()
    for (const entry of queue.slice(head)) {
      const { messages } = entry
      const update = messages?.length === 1 ? messages[0]?.update : undefined
      const place = placeFor(last, update)
      if (update !== undefined && place !== undefined && entry.pending === null) {
        bytes -= entry.size
        merge(place, update)
        continue
      }
      kept.push(entry)
      if (messages === null) last.clear()
      else if (update !== undefined) last.set(update.def.name, entry)
      else for (const message of messages) last.delete(message.update?.def.name ?? '')
    }
    queue = kept
    head = 0
    places = last
    compactAt = Math.max(WORTH_COMPACTING, kept.length * 2)
  }

  // Handing a message to the transport can make it ask for more at once.
  let pumping = false

  function passDirectly(message: Message): void {
    pumping = true
    try {
      pass(message)
    } finally {
      pumping = false
    }
    if (queue.length > 0) pump()
  }

  function pass(message: Message): void {
    ahead += messageSize(message)
    transport.emit(message)
  }

  function pump(): void {
    if (pumping) return
    pumping = true
    try {
      drain()
    } finally {
      pumping = false
    }
  }

  function drain(): void {
    for (let entry = ready(); entry !== null; entry = ready()) {
      head++
      bytes -= entry.size
      const messages = entry.pending === null ? (entry.messages as readonly Message[]) : [entry.pending.message()]
      for (const message of messages) {
        const store = message.update?.def.name
        if (store !== undefined && places.get(store) === entry) places.delete(store)
        pass(message)
      }
    }
    calmDown()
    if (head === queue.length) {
      queue = []
      head = 0
    } else if (head > 1024) {
      queue = queue.slice(head)
      head = 0
    }
  }

  /** The head of the queue, when it is known and the transport can take it. */
  function ready(): Entry | null {
    const entry = open ? queue[head] : undefined
    if (entry === undefined || entry.messages === null) return null
    return hasRoom() ? entry : null
  }

  function hasRoom(): boolean {
    const backlog = transport.backlog()
    if (backlog === 0) ahead = 0
    return backlog < AHEAD_PACKETS && ahead < AHEAD_BYTES
  }

  function close(): readonly Message[] {
    open = false
    clearTimeout(patience)
    const unsent = queue
      .slice(head)
      .flatMap(({ messages, pending }) => (pending === null ? (messages ?? []) : [pending.message()]))
    queue = []
    head = 0
    bytes = 0
    places.clear()
    return unsent
  }

  return {
    put,
    hold() {
      const entry: Entry = { messages: null, pending: null, size: 0 }
      if (open) {
        // What comes later must not get in front of this place.
        places.clear()
        enqueue(entry)
      }
      return {
        settle(messages) {
          if (!open || entry.messages !== null) return
          entry.messages = messages
          let size = 0
          for (const message of messages) size += messageSize(message)
          resize(entry, size)
          pump()
          if (depth() >= compactAt) compact()
          check()
        },
      }
    },
    get depth() {
      return depth()
    },
    pump,
    close,
  }
}

/** Where an update may be merged. An answer to a subscription stays a message of its own; later updates may join it. */
function placeFor(places: ReadonlyMap<string, Entry>, update: StoreUpdate | undefined): Entry | undefined {
  return update === undefined || update.answers === true ? undefined : places.get(update.def.name)
}

function tally(queue: readonly Entry[], head: number): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { messages } of queue.slice(head)) {
    for (const label of messages === null ? ['waiting for access'] : messages.map(labelOf)) {
      counts[label] = (counts[label] ?? 0) + 1
    }
  }
  return counts
}

function labelOf({ event, body }: Message): string {
  const name = body['storeName'] ?? body['eventName']
  return typeof name === 'string' ? `${event} ${name}` : event
}
