/** One note: how it sounds at an age in seconds. */
export type Voice = (hertz: number, age: number) => number

/** A tune that repeats itself for ever. */
export interface Tune {
  /** Per step, the MIDI notes that begin there. */
  readonly steps: readonly (readonly number[])[]
  readonly stepSeconds: number
  /** A note may sound on for this many steps. */
  readonly ring: number
  readonly voice: Voice
}

/** Where `tune` stands at `seconds` from its beginning; the end leads into the beginning. */
export function melody({ steps, stepSeconds, ring, voice }: Tune, seconds: number): number {
  const step = Math.floor(seconds / stepSeconds)
  const age = seconds - step * stepSeconds
  let sum = 0
  for (let back = 0; back <= ring; back++) {
    const notes = steps[(((step - back) % steps.length) + steps.length) % steps.length] ?? []
    for (const note of notes) sum += voice(hertzOf(note), age + back * stepSeconds)
  }
  return sum
}

/** The frequency of a MIDI note; 69 is 440 Hz. */
export function hertzOf(note: number): number {
  return 440 * 2 ** ((note - 69) / 12)
}

/** A sine. */
export function sine(hertz: number, seconds: number): number {
  return Math.sin(2 * Math.PI * hertz * seconds)
}
