import type { LedgerStoreState } from '../generated/schema.ts'

/** Where a state contradicts itself; nothing when it is one that the host really had. */
export function tornPlaces({ tick, mirror, total, rows }: LedgerStoreState): string[] {
  const torn: string[] = []
  if (tick !== mirror) torn.push(`tick ${tick}, mirror ${mirror}`)
  let sum = 0
  for (const [key, { left, right }] of rows) {
    sum += left
    if (left + right !== 0) torn.push(`row ${key}: ${left} and ${right}`)
  }
  if (sum !== total) torn.push(`total ${total}, rows have ${sum}`)
  return torn
}
