/** Counts renders by name. `all()` names only what has rendered since `reset()`. */
export function renderCount(): { add(name: string): void; all(): Record<string, number>; reset(): void } {
  const counts = new Map<string, number>()
  return {
    add: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    all: () => Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    reset: () => counts.clear(),
  }
}
