import type { SourceMemory } from './store-source.ts'

/** Counts a subscription of `memory`'s component; takes and returns what ends it. */
export function counted(memory: SourceMemory, stop: () => void): () => void {
  memory.subscribed += 1
  return () => {
    memory.subscribed -= 1
    stop()
  }
}
