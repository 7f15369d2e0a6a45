import type { Fleet } from './fleet.ts'
import type { FleetCodec } from './fleet-codecs.ts'

/** Maps as lists of entries, so that one comparison of text covers all of it. */
const spelled = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (part instanceof Map ? [...(part as Map<unknown, unknown>)] : part))

/** Throws unless `decoded` stands for exactly `fleet`. */
export function checkFleet(codec: FleetCodec, decoded: unknown, fleet: Fleet): void {
  const actual = codec.fleet(decoded)
  if (actual.size !== fleet.size)
    throw new Error(`${codec.name} decoded ${actual.size} boats instead of ${fleet.size}.`)
  for (const [id, boat] of fleet) {
    const other = actual.get(id)
    for (const field of Object.keys(boat) as (keyof typeof boat)[]) {
      if (spelled(other?.[field]) !== spelled(boat[field]))
        throw new Error(`${codec.name} decoded another ${field} of ${id}.`)
    }
  }
}
