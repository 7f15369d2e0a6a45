import { applyMessage, encodeDelta, OWNS_ALL, type Delta, type StoreDef } from '../../packages/wire/src/index.ts'

/** Microseconds per entity for a delta that changes two floats of every row of a map keyed by string; the budget is 0.15 (design.md). */

interface Row {
  readonly name: string
  readonly count: number
  readonly x: number
  readonly y: number
  readonly on: boolean
}

interface State {
  readonly rows: ReadonlyMap<string, Row>
}

const def: StoreDef<State> = {
  kind: 'store',
  name: 'Wide',
  state: 'bench.Wide',
  types: [
    {
      'bench.Wide': {
        form: 'partial',
        fields: [
          {
            name: 'rows',
            id: 1,
            mod: true,
            type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'bench.Row' } },
          },
        ],
      },
      'bench.Row': {
        form: 'partial',
        fields: [
          { name: 'name', id: 1, type: { kind: 'string' } },
          { name: 'count', id: 2, type: { kind: 'uint32' } },
          { name: 'x', id: 3, type: { kind: 'float64' } },
          { name: 'y', id: 4, type: { kind: 'float64' } },
          { name: 'on', id: 5, type: { kind: 'bool' } },
        ],
      },
    },
  ],
}

const key = (i: number): string => `entity-${String(i).padStart(6, '0')}`

function stateOf(n: number): State {
  const rows = new Map<string, Row>()
  for (let i = 0; i < n; i++) rows.set(key(i), { name: `row ${i}`, count: i, x: i + 0.5, y: i * 2.25, on: i % 2 === 0 })
  return { rows }
}

function messageOf(n: number, round: number): Uint8Array {
  const mods = new Map<string, Delta>()
  for (let i = 0; i < n; i++) mods.set(key(i), { x: { set: i + round / 8 }, y: { set: i - round / 16 } })
  return encodeDelta(def, { rows: { mods } })
}

function measure(n: number, rounds: number, options: Parameters<typeof applyMessage>[3]): number {
  const messages = Array.from({ length: 8 }, (_, i) => messageOf(n, i + 1))
  let state = applyMessage(def, { rows: new Map() }, encodeDelta(def, { rows: { sets: stateOf(n).rows } }))
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const bytes = messages[round % messages.length] as Uint8Array
    const start = performance.now()
    state = applyMessage(def, state, bytes, options)
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  // The lower quartile: what the machine does for others only ever adds.
  return ((times[times.length >> 2] as number) * 1000) / n
}

let reported = 0
const sizes = process.argv.slice(2).map(Number)
for (const n of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) {
  const rounds = Math.max(15, 400_000 / n)
  const inPlace = measure(n, rounds, { owned: OWNS_ALL })
  const heard = measure(n, rounds, { owned: OWNS_ALL, report: (_, depth) => void (reported += depth) })
  const pure = measure(n, Math.min(rounds, 100), {})
  console.log(
    `${n} rows: in place ${inPlace.toFixed(3)}, with report ${heard.toFixed(3)}, pure ${pure.toFixed(3)} µs per row`,
  )
}
if (reported === 0) throw new Error('nothing was reported')
