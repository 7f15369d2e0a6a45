import { SAMPLE_RATE } from '../../../shared/audio/pcm.ts'
import type { Playout } from './jitter-buffer.ts'
// oxlint-disable-next-line import/default -- the query makes Vite give the address of the built worklet
import playerUrl from './player.worklet.ts?worker&url'

/** The sound of one station. */
export interface Channel {
  play(seq: number, pcm: Uint8Array): void
  /** 0 is silent, 1 is as loud as it was sent. */
  setVolume(volume: number): void
  readonly playout: Playout
  close(): void
}

/** The loudspeaker of a page: one audio context, a channel per station. */
export interface Speaker {
  /** Switches it on. Browsers allow that only while the user does something. Rejects where there is no sound to be had. */
  start(): Promise<void>
  open(): Channel
}

const NOTHING: Playout = { waiting: 0, played: 0, underruns: 0, concealed: 0, skipped: 0 }

/** Makes a loudspeaker; nothing sounds, and nothing is loaded, before `start`. */
export function createSpeaker(): Speaker {
  let context: AudioContext | null = null
  let loading: Promise<AudioContext> | null = null

  async function load(): Promise<AudioContext> {
    const made = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' })
    // Absent where the page did not come over https and not from localhost.
    if (made.audioWorklet === undefined) throw new Error('Sound needs a page from https or localhost.')
    await made.audioWorklet.addModule(playerUrl)
    context = made
    return made
  }

  return {
    async start() {
      loading ??= load()
      await (await loading).resume()
    },
    open() {
      let node: AudioWorkletNode | null = null
      let gain: GainNode | null = null
      let volume = 1
      let playout = NOTHING
      let open = true

      const connect = (on: AudioContext): void => {
        node = new AudioWorkletNode(on, 'player', { numberOfInputs: 0, outputChannelCount: [1] })
        gain = new GainNode(on, { gain: volume })
        node.connect(gain).connect(on.destination)
        node.port.addEventListener('message', ({ data }: MessageEvent<Playout>) => {
          playout = data
        })
        node.port.start()
      }

      return {
        play(seq, pcm) {
          // Frames that come before there is sound are not worth keeping: they would only be late.
          if (!open || context === null) return
          if (node === null) connect(context)
          // A copy of its own: the packet belongs to everybody who listens.
          const copy = pcm.slice()
          node?.port.postMessage({ seq, pcm: copy }, [copy.buffer])
        },
        setVolume(next) {
          volume = next
          gain?.gain.setTargetAtTime(next, gain.context.currentTime, 0.02)
        },
        get playout() {
          return playout
        },
        close() {
          open = false
          node?.disconnect()
          node?.port.close()
          gain?.disconnect()
        },
      }
    },
  }
}
