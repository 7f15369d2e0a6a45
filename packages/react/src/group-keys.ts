/** A key of a map or set, or an index. */
export type Key = string | number | bigint | boolean

/** Rows that render together. */
export interface Group {
  /** Differs from every other group's, now and before. */
  readonly id: number
  readonly keys: readonly Key[]
}

/** React looks at every sibling of what it renders: at about the square root of the number of rows it looks at the fewest. */
const FULL = 100

/**
 * Divides `keys` into groups, in their order. A key that was in a group stays in it as long as the order allows, because a row that changes its group is mounted anew; a group with the same keys is the same object.
 *
 * New keys fill groups up, then make new ones. What is inserted between the rows of one group makes that group larger: it is never split.
 */
export function groupKeys(before: readonly Group[], keys: readonly Key[]): readonly Group[] {
  const homes = new Map<Key, number>()
  for (const [i, group] of before.entries()) for (const key of group.keys) homes.set(key, i)
  const stays = inOrder(keys.map((key) => homes.get(key)))
  const ahead = lookAhead(stays)
  let lastId = before.reduce((id, group) => Math.max(id, group.id), 0)
  const out: { readonly home: number | undefined; readonly id: number; readonly keys: Key[] }[] = []
  const open = (home?: number): { readonly home: number | undefined; readonly keys: Key[] } => {
    const group = { home, id: home === undefined ? ++lastId : (before[home] as Group).id, keys: [] }
    out.push(group)
    return group
  }
  let at: ReturnType<typeof open> | undefined
  for (const [i, key] of keys.entries()) {
    const home = stays[i]
    if (home !== undefined) {
      if (at === undefined || at.home !== home) at = open(home)
    } else if (at === undefined || (at.keys.length >= FULL && (at.home === undefined || at.home !== ahead[i]))) {
      const next = ahead[i]
      at = open(next !== undefined && (before[next] as Group).keys.length < FULL ? next : undefined)
    }
    at.keys.push(key)
  }
  const groups = out.map(({ home, id, keys: own }) => {
    const was = home === undefined ? undefined : before[home]
    return was !== undefined && sameKeys(was.keys, own) ? was : { id, keys: own }
  })
  return groups.length === before.length && groups.every((group, i) => group === before[i]) ? before : groups
}

function sameKeys(a: readonly Key[], b: readonly Key[]): boolean {
  return a.length === b.length && a.every((key, i) => Object.is(key, b[i]))
}

/** For each place, the group of the next key that stays. */
function lookAhead(stays: readonly (number | undefined)[]): readonly (number | undefined)[] {
  const ahead = Array.from<number | undefined>({ length: stays.length })
  let next: number | undefined
  for (let i = stays.length - 1; i >= 0; i--) ahead[i] = next = stays[i] ?? next
  return ahead
}

/** Takes out as few as possible, so that what is left never goes down. */
function inOrder(homes: readonly (number | undefined)[]): readonly (number | undefined)[] {
  let last = 0
  if (homes.every((home) => home === undefined || (home >= last && ((last = home), true)))) return homes
  // The place of the smallest end of a run of each length, and for each place the one before it in its run.
  const ends: number[] = []
  const previous: (number | undefined)[] = []
  for (const [i, home] of homes.entries()) {
    if (home === undefined) continue
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((homes[ends[middle] as number] as number) <= home) low = middle + 1
      else high = middle
    }
    previous[i] = low === 0 ? undefined : ends[low - 1]
    ends[low] = i
  }
  const out = homes.map((): number | undefined => undefined)
  for (let i = ends.at(-1); i !== undefined; i = previous[i]) out[i] = homes[i]
  return out
}
