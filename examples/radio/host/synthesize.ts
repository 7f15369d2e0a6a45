import { FRAME_SAMPLES, toPcm } from '../../shared/audio/pcm.ts'
import type { StationPlan } from './stations.ts'

/** Frame `seq` of a station. It depends on nothing but its number, so a host that starts again goes on where the other one was. */
export function synthesize({ loop, sound }: StationPlan, seq: number): Uint8Array<ArrayBuffer> {
  const first = (seq * FRAME_SAMPLES) % loop
  const samples = new Float32Array(FRAME_SAMPLES)
  for (let i = 0; i < FRAME_SAMPLES; i++) samples[i] = sound((first + i) % loop)
  return toPcm(samples)
}
