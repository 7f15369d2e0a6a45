import type { RadioStoreState } from '../radio/schema.ts'

/** The stations from left to right on the dial. */
export function stationIds({ stations }: RadioStoreState): readonly string[] {
  const dial = Array.from(stations ?? [], ([id, { mhz }]) => ({ id, mhz }))
  return dial.toSorted((a, b) => a.mhz - b.mhz).map(({ id }) => id)
}
