import type { CallContext, Draft, Store, Viewer } from '@rivulet/server'
import { levelOf } from '../../shared/audio/pcm.ts'
import { createSequence } from '../../shared/audio/sequence.ts'
import type { PushAudioRequest, Sender, StudioStoreState } from '../src/studio/schema.ts'

/** Somebody who sends. */
interface SenderDesk {
  /** A frame has arrived; call what this returns when it has been dealt with. */
  receive(frame: PushAudioRequest): () => void
  rename(name: string): void
}

/** Everybody who sends. */
export interface Senders {
  /** The desk of the caller, set up with the first call of a connection and gone with the connection. */
  of(caller: Pick<CallContext, 'viewer' | 'signal'>): SenderDesk
  /** Writes what has happened into the store. */
  publish(): void
}

interface Desk extends SenderDesk {
  readonly viewer: Viewer
  write(into: Map<string, Draft<Sender>>, now: number): void
}

/** Without a frame for this long a sender is silent. */
const SILENT_MS = 250
const NAME_CHARACTERS = 40
const ID_CHARACTERS = 64

/** Makes the desks of a studio. They count for themselves; the store is written only by `publish`. */
export function createSenders(studio: Store<StudioStoreState>): Senders {
  const desks = new Map<string, Desk>()

  function of({ viewer, signal }: Pick<CallContext, 'viewer' | 'signal'>): SenderDesk {
    // A page names itself, which is enough for an example. An app takes the id from its login.
    const id = textOf(viewer.auth['sender'], ID_CHARACTERS, viewer.id)
    const known = desks.get(id)
    if (known?.viewer === viewer) return known
    // After a lost connection the page is back before the host knows that the old one is gone: the newer one takes over.
    const desk = createDesk(id, viewer)
    desks.set(id, desk)
    signal.addEventListener('abort', () => {
      if (desks.get(id) === desk) desks.delete(id)
    })
    return desk
  }

  return {
    of,
    publish() {
      const now = performance.now()
      studio.update((draft) => {
        const senders = (draft.senders ??= new Map())
        for (const id of Array.from(senders.keys())) if (!desks.has(id)) senders.delete(id)
        for (const desk of desks.values()) desk.write(senders, now)
      })
    },
  }
}

function createDesk(id: string, viewer: Viewer): Desk {
  const sequence = createSequence()
  const inWork = new Set<number>()
  let name = textOf(viewer.auth['name'], NAME_CHARACTERS, 'Somebody')
  let loudness = 0
  let heardAt = -Infinity

  /** Work may end in another order than it began, so a page may count on no more than this. */
  function done(): number | null {
    let first = Infinity
    for (const seq of inWork) first = Math.min(first, seq)
    return first === Infinity ? sequence.arrivals.highest : first - 1
  }

  return {
    viewer,
    rename(next) {
      name = next
    },
    receive({ seq, pcm }) {
      heardAt = performance.now()
      loudness = levelOf(pcm)
      if (sequence.take(seq) === 'duplicate') return () => undefined
      inWork.add(seq)
      return () => void inWork.delete(seq)
    },
    write(into, now) {
      const { received, lost, gaps, late, duplicates } = sequence.arrivals
      const level = now - heardAt < SILENT_MS ? Math.fround(loudness) : 0
      const figures = { name, level, frames: received, lost, gaps, late, duplicates, done: done() }
      const written = into.get(id)
      if (written === undefined) into.set(id, figures)
      else Object.assign(written, figures)
    },
  }
}

function textOf(value: unknown, most: number, otherwise: string): string {
  const text = typeof value === 'string' ? value.trim().slice(0, most) : ''
  return text === '' ? otherwise : text
}
