import type { Entity, WorldStoreState } from '../generated/schema.ts'

export type { Entity }

/** The logical state that every contestant decodes. */
export type World = WorldStoreState['entities']

/** What a delta does to one entity. */
export interface Move {
  readonly id: string
  readonly x: number
  readonly y: number
}

/** Same numbers on every run and every machine (a linear congruential generator). */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

// Eighths are exact in float32 and short in decimal, so that text formats pay for no digits that the state does not have.
const coordinate = (next: () => number): number => Math.floor(next() * 8000) / 8

const idOf = (index: number): string => `e${index}`

/** A world of `count` entities. */
export function makeWorld(count: number): World {
  const next = generator(count)
  const world = new Map<string, Entity>()
  for (let i = 0; i < count; i++) {
    const id = idOf(i)
    world.set(id, {
      id,
      name: `Entity number ${i}`,
      x: coordinate(next),
      y: coordinate(next),
      hp: Math.floor(next() * 1000),
      score: Math.floor(next() * 2_000_000) - 1_000_000,
      alive: next() < 0.9,
    })
  }
  return world
}

/** `changed` of `count` entities moved, spread evenly; another `seed` moves the same ones elsewhere. */
export function makeMoves(count: number, changed: number, seed: number): readonly Move[] {
  const next = generator(count * 31 + seed)
  return Array.from({ length: changed }, (_, i) => ({
    id: idOf(Math.floor((i * count) / changed)),
    x: coordinate(next),
    y: coordinate(next),
  }))
}

/** The world after `moves`. */
export function moved(world: World, moves: readonly Move[]): World {
  const after = new Map(world)
  for (const { id, x, y } of moves) {
    const entity = after.get(id)
    if (entity === undefined) throw new Error(`The world has no entity ${id}.`)
    after.set(id, { ...entity, x, y })
  }
  return after
}
