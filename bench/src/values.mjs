// Full encode and decode of a map of entities, without eval. Run: node --conditions=rivulet-source bench/src/values.mjs [entities]
// `RIVULET_WIRE` may point at another copy of the wire's index to compare with, in the same process and by turns.
const here = await import('@rivulet/wire')
const other = process.env.RIVULET_WIRE === undefined ? undefined : await import(process.env.RIVULET_WIRE)

const count = Number(process.argv[2] ?? 1000)
const entity = (form, n) => ({
  form,
  fields: [
    { name: 'id', id: 1, type: { kind: 'string' } },
    { name: 'name', id: 2, type: { kind: 'string' } },
    { name: 'x', id: 3, type: { kind: 'float32' } },
    { name: 'y', id: 4, type: { kind: 'float32' } },
    { name: 'hp', id: 5, type: { kind: 'uint16' } },
    { name: 'score', id: 6, type: { kind: 'int32' } },
    { name: `alive${n}`, id: 7, type: { kind: 'bool' } },
  ],
})
const structs = {}
for (let i = 0; i < 12; i++) structs[`game.E${i}`] = entity('partial', i)
structs['game.Flat'] = entity('flat', 0)
const types = [structs]

const mapOf = (ref) => ({ kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref } })
const state = (n, salt) =>
  new Map(
    Array.from({ length: count }, (_, i) => {
      const id = `${salt}-${i}`
      return [
        id,
        {
          id,
          name: `Player ${salt}${i}`,
          x: i * 1.5,
          y: i * 0.25,
          hp: i % 1000,
          score: i * 37 - 5000,
          [`alive${n}`]: i % 3 !== 0,
        },
      ]
    }),
  )

const median = (runs) => runs.toSorted((a, b) => a - b)[runs.length >> 1]
function time(fn, inner) {
  const t = performance.now()
  for (let i = 0; i < inner; i++) fn(i)
  return ((performance.now() - t) / inner) * 1000
}

const node = mapOf('game.E0')
const flat = mapOf('game.Flat')
const first = state(0, 'e')
const bytes = here.encodeValue(types, node, first)
const flatBytes = here.encodeValue(types, flat, first)
// Fresh names every time: nothing of a message has been seen before.
const fresh = Array.from({ length: 40 }, (_, i) => here.encodeValue(types, node, state(0, `s${i}x`)))
const mixed = Array.from({ length: 12 }, (_, i) => [
  mapOf(`game.E${i}`),
  here.encodeValue(types, mapOf(`game.E${i}`), state(i, 'e')),
])

const cases = {
  'decode, one struct, seen strings': (w) => w.decodeValue(types, node, bytes),
  'decode, one struct, fresh strings': (w, i) => w.decodeValue(types, node, fresh[i % fresh.length]),
  'decode, flat struct, seen strings': (w) => w.decodeValue(types, flat, flatBytes),
  'decode, twelve structs': (w, i) => w.decodeValue(types, mixed[i % 12][0], mixed[i % 12][1]),
  'encode, one struct': (w) => w.encodeValue(types, node, first),
}
const parsed = JSON.stringify([...first])
console.log(`${count} entities, ${bytes.length} bytes; µs per message, median of 31 runs`)
for (const [name, run] of Object.entries(cases)) {
  const sides = other === undefined ? [here] : [here, other]
  for (const w of sides) for (let i = 0; i < 240; i++) run(w, i)
  const runs = sides.map(() => [])
  for (let k = 0; k < 31; k++) sides.forEach((w, s) => runs[s].push(time((i) => run(w, i), 12)))
  const [a, b] = runs.map(median)
  console.log(
    name.padEnd(36),
    a.toFixed(0).padStart(6),
    b === undefined ? '' : `other ${b.toFixed(0).padStart(6)}  ratio ${(b / a).toFixed(2)}`,
  )
}
const json = []
for (let k = 0; k < 31; k++) json.push(time(() => new Map(JSON.parse(parsed)), 12))
console.log('JSON.parse + Map, for scale'.padEnd(36), median(json).toFixed(0).padStart(6))
