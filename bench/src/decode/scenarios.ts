import { effort, lastResult, measure, type Candidate } from '../harness/measure.ts'
import type { Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import { checkWorld } from './check.ts'
import type { Codec } from './codec.ts'
import { codecs } from './codecs/all.ts'
import { checkFleet } from './fleet/check-fleet.ts'
import { makeFleet } from './fleet/fleet.ts'
import { type FleetCodec, fleetCodecs } from './fleet/fleet-codecs.ts'
import { makeMoves, makeWorld, moved } from './world.ts'

/** One contestant made ready: what to time, and how many bytes it reads. */
interface Ready extends Candidate {
  readonly codec: Codec | FleetCodec
  readonly bytes: number
}

const count = (n: number): string => n.toLocaleString('en-US')

function readyForFull(codec: Codec, entities: number): Ready {
  const world = makeWorld(entities)
  const { full } = codec.send(world)
  checkWorld(codec, codec.decode(full), world)
  return { codec, name: codec.name, bytes: full.length, run: () => codec.decode(full) }
}

function fleetStates(short: boolean): Figure[] {
  return (short ? [20] : [1000]).flatMap((boats) => {
    const fleet = makeFleet(boats)
    const ready = fleetCodecs.map((codec): Ready => {
      const full = codec.encode(fleet)
      checkFleet(codec, codec.decode(full), fleet)
      return { codec, name: codec.name, bytes: full.length, run: () => codec.decode(full) }
    })
    return compare(`full state, ${count(boats)} boats`, ready, boats, short)
  })
}

/** How many different messages take turns, so that no delta finds its own values already there. */
const variants = 4

function readyForDelta(codec: Codec, entities: number, changed: number): Ready {
  const { apply } = codec
  if (apply === undefined) throw new Error(`${codec.name} has no deltas.`)
  const world = makeWorld(entities)
  const sender = codec.send(world)
  let state = codec.decode(sender.full)
  const messages = Array.from({ length: variants }, (_, seed) => {
    const moves = makeMoves(entities, changed, seed)
    const message = sender.delta?.(moves)
    if (message === undefined) throw new Error(`${codec.name} has no deltas.`)
    state = apply(state, message)
    checkWorld(codec, state, moved(world, moves))
    return message
  })
  let turn = 0
  const run = (): unknown => {
    const message = messages[turn++ % variants]
    if (message !== undefined) state = apply(state, message)
    return state
  }
  return { codec, name: codec.name, bytes: messages[0]?.length ?? 0, run }
}

function compare(scenario: string, ready: readonly Ready[], parts: number, short: boolean): Figure[] {
  const samples = measure(ready, effort(short))
  if (lastResult() === undefined) throw new Error('Nothing was decoded.')
  return ready.map(({ codec: { name, packageName, ours, note }, bytes }) => ({
    scenario,
    contestant: name,
    packageName,
    ours,
    ...(note === undefined ? {} : { note }),
    ...summary(samples.get(name) ?? []),
    bytes,
    parts,
  }))
}

function fullStates(short: boolean): Figure[] {
  return (short ? [100] : [1000, 10_000]).flatMap((entities) =>
    compare(
      `full state, ${count(entities)} entities`,
      codecs.filter(({ deltasOnly }) => deltasOnly !== true).map((codec) => readyForFull(codec, entities)),
      entities,
      short,
    ),
  )
}

function deltas(sizes: readonly (readonly [changed: number, entities: number])[], short: boolean): Figure[] {
  const able = codecs.filter(({ apply }) => apply !== undefined)
  return sizes.flatMap(([changed, entities]) =>
    compare(
      `delta, x and y of ${count(changed)} of ${count(entities)} entities`,
      able.map((codec) => readyForDelta(codec, entities, changed)),
      changed,
      short,
    ),
  )
}

/** All scenarios of the decode benchmark, in whichever of Node and Chromium this runs. */
export function decodeScenarios({ short }: RunOptions): Figure[] {
  const sizes = short
    ? ([[10, 100]] as const)
    : ([
        [100, 1000],
        [1000, 1000],
        [10_000, 10_000],
      ] as const)
  return [...fullStates(short), ...fleetStates(short), ...deltas(sizes, short)]
}

/** How the time of a delta grows with its size; a quadratic step would show as a rising time per entity. */
export function slopeScenarios({ short }: RunOptions): Figure[] {
  const entities = short ? 1000 : 100_000
  const sizes = short ? [1, 1000] : [1, 10, 100, 1000, 10_000, 100_000]
  return deltas(
    sizes.map((changed) => [changed, entities] as const),
    short,
  )
}
