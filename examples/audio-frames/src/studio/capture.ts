import { SAMPLE_RATE, toPcm } from '../../../shared/audio/pcm.ts'
// oxlint-disable-next-line import/default -- the query makes Vite give the address of the built worklet
import captureUrl from './capture.worklet.ts?worker&url'
import type { CapturedFrame } from './capture.worklet.ts'

/** Where the sound comes from. */
export type Source = 'tone' | 'microphone'

/** Captures sound as frames of PCM. */
export interface Capture {
  /**
   * Starts, ending what ran before; resolves to the function that stops it. Browsers allow it only while the user does something. Rejects where there is no sound to be had,
   * or where the user does not give the microphone away.
   */
  start(source: Source, onFrame: (pcm: Uint8Array) => void): Promise<() => void>
}

const TONE_HERTZ = 330
/** The tone swells this often per second, so that meters have something to show. */
const SWELL_HERTZ = 0.5

/** Makes a capture; nothing is asked for before `start`. */
export function createCapture(): Capture {
  return {
    async start(source, onFrame) {
      const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' })
      try {
        // Absent where the page did not come over https and not from localhost.
        if (context.audioWorklet === undefined) throw new Error('sound needs a page from https or localhost')
        await context.audioWorklet.addModule(captureUrl)
        const from = source === 'tone' ? startTone(context) : await openMicrophone(context)
        const node = new AudioWorkletNode(context, 'capture', {
          numberOfInputs: 1,
          channelCount: 1,
          channelCountMode: 'explicit',
        })
        node.port.addEventListener('message', ({ data }: MessageEvent<CapturedFrame>) => onFrame(toPcm(data)))
        node.port.start()
        // It puts out silence; only what leads to the destination is run.
        from.node.connect(node).connect(context.destination)
        await context.resume()
        return () => {
          node.port.close()
          from.stop()
          void context.close()
        }
      } catch (error) {
        void context.close()
        throw error
      }
    },
  }
}

interface Input {
  readonly node: AudioNode
  stop(): void
}

function startTone(context: AudioContext): Input {
  const tone = new OscillatorNode(context, { frequency: TONE_HERTZ })
  const swell = new OscillatorNode(context, { frequency: SWELL_HERTZ })
  const depth = new GainNode(context, { gain: 0.3 })
  const gain = new GainNode(context, { gain: 0.35 })
  swell.connect(depth).connect(gain.gain)
  tone.connect(gain)
  tone.start()
  swell.start()
  return {
    node: gain,
    stop() {
      tone.stop()
      swell.stop()
    },
  }
}

async function openMicrophone(context: AudioContext): Promise<Input> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } })
  return {
    node: new MediaStreamAudioSourceNode(context, { mediaStream: stream }),
    stop: () => stream.getTracks().forEach((track) => track.stop()),
  }
}
