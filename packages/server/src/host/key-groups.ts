import { type Delta, deltaFilter, type Path, type StoreDef } from '@rivulet/wire'

/** What has keys, and is in the group of those keys once the next change has come. */
export interface Grouped {
  readonly keys: ReadonlyMap<string, { readonly path: Path | null }>
  group: Group<this> | null
}

/** Those with the same keys: they get the same messages. */
export interface Group<M> {
  readonly signature: string
  readonly members: Set<M>
  /** What the keys mean; null for the whole store. */
  readonly paths: readonly (Path | null)[] | null
  /** The part of a delta that concerns the keys, or null when nothing does; to be asked before the delta is applied. */
  readonly filter: (state: unknown, delta: Delta) => Delta | null
  /** How many deltas its members have been told. */
  turns: number
}

/** Everybody who follows a store, by what they follow. */
export interface KeyGroups<M extends Grouped> {
  /** Its keys have changed. */
  changed(member: M): void
  /** All groups that have members. */
  settled(): Iterable<Group<M>>
  clear(): void
}

/** Makes an empty grouping; with `wholeOnly`, whoever has any key is in the group of the whole store. */
export function createKeyGroups<M extends Grouped & { group: Group<M> | null }>(
  def: StoreDef,
  wholeOnly: boolean,
): KeyGroups<M> {
  const groups = new Map<string, Group<M>>()
  const ungrouped = new Set<M>()

  function groupOf(member: M): Group<M> {
    const whole = wholeOnly || member.keys.has('')
    const signature = whole ? '' : JSON.stringify([...member.keys.keys()].toSorted())
    let group = groups.get(signature)
    if (group === undefined) groups.set(signature, (group = newGroup(signature, whole ? null : member)))
    return group
  }

  function newGroup(signature: string, keyed: M | null): Group<M> {
    const paths = keyed === null ? null : [...keyed.keys.values()].map(({ path }) => path)
    const live = (paths ?? [[]]).filter((path) => path !== null)
    const filter = live.length === 0 ? (): null => null : deltaFilter(def, live)
    return { signature, members: new Set(), turns: 0, paths, filter }
  }

  return {
    changed(member) {
      const { group } = member
      if (group !== null) {
        group.members.delete(member)
        if (group.members.size === 0) groups.delete(group.signature)
        member.group = null
      }
      if (member.keys.size > 0) ungrouped.add(member)
      else ungrouped.delete(member)
    },
    settled() {
      // Only now: a page subscribes to its keys one after the other.
      for (const member of ungrouped) {
        const group = groupOf(member)
        group.members.add(member)
        member.group = group
      }
      ungrouped.clear()
      return groups.values()
    },
    clear() {
      groups.clear()
      ungrouped.clear()
    },
  }
}
