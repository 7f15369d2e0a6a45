import { createHost, createStore, type Host, type HostLogger, type Store } from '@rivulet/server'
import { FRAME_BYTES } from '../../shared/audio/pcm.ts'
import { PushAudio, type PushAudioRequest, Rename, StudioStore, type StudioStoreState } from '../src/studio/schema.ts'
import { createSenders } from './senders.ts'

/** Options of {@link startStudioHost}. */
export interface StudioHostOptions {
  /** 0 picks a free port. */
  readonly port: number
  /** How often the store is written, which is also how often pages learn what the host is done with; every 100 ms by default. */
  readonly publishMs?: number
  /** What is done with a frame besides counting it, say transcribing: absent = nothing. */
  readonly work?: (frame: PushAudioRequest) => Promise<void>
  readonly logger?: HostLogger | null
}

/** A running studio. */
export interface StudioHost {
  readonly host: Host
  readonly studio: Store<StudioStoreState>
  close(): Promise<void>
}

const NAME_CHARACTERS = 40

/** Takes audio frames from everybody who comes, at `/socket`, from any web origin. */
export function startStudioHost({ port, publishMs = 100, work, logger }: StudioHostOptions): StudioHost {
  const studio = createStore(StudioStore, { senders: new Map() })
  const host = createHost({
    port,
    cors: { origin: '*' },
    stores: [studio],
    ...(logger === undefined ? {} : { logger }),
  })
  const senders = createSenders(studio)

  host.onSend(
    PushAudio,
    (frame, caller) => {
      const finish = senders.of(caller).receive(frame)
      if (work === undefined) return finish()
      // A frame that could not be worked on is finished all the same: its sender must not wait for it.
      return work(frame).finally(finish)
    },
    { validate: checkFrame },
  )

  host.rpc(Rename, ({ name }, caller) => {
    const trimmed = name.trim()
    if (trimmed === '' || trimmed.length > NAME_CHARACTERS) {
      throw new Error(`a name has 1 to ${NAME_CHARACTERS} characters`)
    }
    senders.of(caller).rename(trimmed)
  })

  const publishing = setInterval(() => senders.publish(), publishMs)

  return {
    host,
    studio,
    async close() {
      clearInterval(publishing)
      await host.close()
    },
  }
}

function checkFrame({ seq, pcm }: PushAudioRequest): void {
  if (seq < 0) throw new Error(`frame ${seq} has a negative number`)
  if (pcm.byteLength !== FRAME_BYTES) {
    throw new Error(`frame ${seq} has ${pcm.byteLength} bytes instead of ${FRAME_BYTES}`)
  }
}
