import { SAMPLE_RATE } from '../../shared/audio/pcm.ts'
import { melody, sine, type Tune, type Voice } from './melody.ts'

/** A station and what it plays. */
export interface StationPlan {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly mhz: number
  /** The programme repeats after this many samples. */
  readonly loop: number
  /** Sample number `n` of the programme, about -1 to 1. */
  readonly sound: (n: number) => number
}

// Partials of a struck bell do not lie on the harmonics; that is what makes it one.
const bell: Voice = (hertz, age) =>
  0.3 *
  Math.min(1, age * 400) *
  Math.exp(-age / 0.55) *
  (sine(hertz, age) + 0.45 * sine(hertz * 2.76, age) + 0.2 * sine(hertz * 5.4, age))

const pad: Voice = (hertz, age) => {
  const swell = Math.sin((Math.PI * Math.min(age, 4)) / 4) ** 2
  return 0.13 * swell * (sine(hertz, age) + 0.6 * sine(hertz * 1.004, age) + 0.3 * sine(hertz * 2, age))
}

const bass: Voice = (hertz, age) => {
  let sum = 0
  for (let harmonic = 1; harmonic <= 5; harmonic++) sum += sine(hertz * harmonic, age) / harmonic
  return 0.35 * Math.min(1, age * 300) * Math.exp(-age / 0.22) * sum
}

const BELLS: Tune = {
  stepSeconds: 0.5,
  ring: 4,
  voice: bell,
  steps: [[72], [76], [79], [84], [83], [79], [76], [], [74], [77], [81], [86], [84], [81], [77], []],
}

const TIDE: Tune = {
  stepSeconds: 2,
  ring: 1,
  voice: pad,
  steps: [
    [50, 57, 62, 65],
    [46, 53, 62, 65],
    [53, 57, 60, 65],
    [48, 55, 60, 64],
  ],
}

const SKIFF: Tune = {
  stepSeconds: 0.25,
  ring: 2,
  voice: bass,
  steps: [[40], [], [40], [43], [], [45], [], [40], [47], [], [45], [43], [], [40], [38], []],
}

/** The same noise every time: a sample is a hash of its number. */
function noise(n: number): number {
  let hash = Math.imul(n ^ 0x9e37_79b9, 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return ((hash ^ (hash >>> 16)) | 0) / 0x8000_0000
}

const SURF_SAMPLES = 8 * SAMPLE_RATE

function surf(n: number): number {
  let smooth = 0
  for (let back = 0; back < 6; back++) smooth += noise((n - back + SURF_SAMPLES) % SURF_SAMPLES)
  const seconds = n / SAMPLE_RATE
  const wave = 0.25 + 0.75 * Math.sin((Math.PI * seconds) / 8) ** 4
  const horn = seconds > 1 && seconds < 3 ? Math.sin((Math.PI * (seconds - 1)) / 2) : 0
  return 0.2 * wave * smooth + 0.25 * horn * (sine(110, seconds) + 0.5 * sine(164.8, seconds))
}

function tuneStation(id: string, name: string, about: string, mhz: number, tune: Tune): StationPlan {
  const loop = Math.round(tune.steps.length * tune.stepSeconds * SAMPLE_RATE)
  return { id, name, about, mhz, loop, sound: (n) => melody(tune, n / SAMPLE_RATE) }
}

/** All stations, from left to right on the dial. */
export const STATIONS: readonly StationPlan[] = [
  tuneStation('harbour-bells', 'Harbour Bells', 'A carillon above the quay.', 88.4, BELLS),
  tuneStation('night-tide', 'Night Tide', 'Slow chords that come and go.', 94.1, TIDE),
  tuneStation('skiff', 'Skiff', 'A bass that rows at 120 strokes.', 99.7, SKIFF),
  {
    id: 'surf',
    name: 'Surf & Foghorn',
    about: 'Waves on shingle, and somebody out there.',
    mhz: 106.2,
    loop: SURF_SAMPLES,
    sound: surf,
  },
]
