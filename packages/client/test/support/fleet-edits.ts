import * as fc from 'fast-check'
import type { Draft } from '../../src/page/optimistic-types.ts'
import { type Boat, type Fleet, makeBoat } from './fleet.ts'

/** An edit that a recipe can make; it works alike on a draft and on a plain copy of the state. */
export interface FleetEdit {
  readonly name: string
  readonly run: (fleet: Draft<Fleet>) => void
}

const draftBoat = (name: string, lat: number): Draft<Boat> => makeBoat(name, lat) as Draft<Boat>
const of = (name: string, run: FleetEdit['run']): FleetEdit => ({ name, run })

const key = fc.constantFrom('a', 'b', 'c')
const num = fc.integer({ min: -3, max: 3 })
const index = fc.nat(3)

/** Every kind of edit, at random. None throws, whatever the state. */
export const fleetEdit: fc.Arbitrary<FleetEdit> = fc.oneof(
  key.map((k) => of(`title = ${k}`, (d) => void (d.title = k))),
  num.map((n) => of(`count += ${n}`, (d) => void (d.count += n))),
  num.map((n) => of(`at.lat = ${n}`, (d) => void (d.at.lat = n))),
  num.map((n) => of(`at = ${n}`, (d) => void (d.at = { lat: n, lon: d.at.lat }))),
  fc.tuple(key, num).map(([k, n]) => of(`boats.set ${k}`, (d) => void d.boats?.set(k, draftBoat(k, n)))),
  key.map((k) => of(`boats.delete ${k}`, (d) => void d.boats?.delete(k))),
  fc.tuple(key, num).map(([k, n]) =>
    of(`boats[${k}].at.lon += ${n}`, (d) => {
      const boat = d.boats?.get(k)
      if (boat !== undefined) boat.at.lon += n
    }),
  ),
  fc.tuple(key, num).map(([k, n]) =>
    of(`boats[${k}].crew`, (d) => {
      const boat = d.boats?.get(k)
      if (boat === undefined) return
      if (boat.crew === null) boat.crew = new Map([[k, n]])
      else boat.crew.set('z', (boat.crew.get('z') ?? 0) + n)
    }),
  ),
  fc.tuple(key, key).map(([from, to]) =>
    of(`boats[${from}] becomes boats[${to}]`, (d) => {
      const boat = d.boats?.get(from)
      if (boat === undefined || from === to) return
      // A draft that is assigned brings a copy, a plain object would be in two places: moving it is the same with both.
      d.boats?.set(to, boat)
      d.boats?.delete(from)
    }),
  ),
  fc.constant(of('boats.clear', (d) => d.boats?.clear())),
  fc.constant(of('boats = null', (d) => void (d.boats = null))),
  fc.constant(
    of('all boats named', (d) => {
      for (const [k, boat] of d.boats ?? []) boat.name = `${k} of ${d.boats?.size}`
    }),
  ),
  key.map((k) => of(`flagship = ${k}`, (d) => void (d.flagship = draftBoat(k, 0)))),
  fc.constant(of('flagship = null', (d) => void (d.flagship = null))),
  key.map((k) =>
    of(`flagship.name = ${k}`, (d) => {
      if (d.flagship !== null) d.flagship.name += k
    }),
  ),
  fc.tuple(num, key).map(([n, k]) => of(`berths.set ${n}`, (d) => void d.berths.set(n, k))),
  num.map((n) => of(`berths.delete ${n}`, (d) => void (d.berths.has(n) && d.berths.delete(n)))),
  key.map((k) => of(`queue.push ${k}`, (d) => void d.queue?.push(draftBoat(k, 1)))),
  fc.constant(of('queue.shift', (d) => void d.queue?.shift())),
  fc.tuple(index, num).map(([i, n]) =>
    of(`queue[${i}].at.lat = ${n}`, (d) => {
      const boat = d.queue?.[i]
      if (boat !== undefined) boat.at.lat = n
    }),
  ),
  fc.constant(
    of('queue reversed', (d) => {
      d.queue?.reverse()
    }),
  ),
  key.map((k) =>
    of('queue mapped', (d) => {
      d.queue?.forEach((boat, i) => (boat.name = `${k}${i}`))
    }),
  ),
  num.map((n) => of(`marks.push ${n}`, (d) => void d.marks.push(n, d.marks.length))),
  fc.tuple(index, index).map(([i, n]) => of(`marks.splice ${i}`, (d) => void d.marks.splice(i, n, 7))),
  index.map((i) =>
    of(`marks[${i}]++`, (d) => {
      if (i < d.marks.length) d.marks[i] = (d.marks[i] ?? 0) + 1
    }),
  ),
  index.map((i) => of(`marks.length = ${i}`, (d) => void (d.marks.length = Math.min(d.marks.length, i)))),
  fc.constant(of('marks sorted', (d) => void (d.marks = d.marks.filter((n) => n !== 2).toSorted((a, b) => b - a)))),
  key.map((k) => of(`tags.add ${k}`, (d) => void d.tags?.add(k))),
  key.map((k) => of(`tags.delete ${k}`, (d) => void d.tags?.delete(k))),
  fc.constant(of('tags.clear', (d) => d.tags?.clear())),
  num.map((n) => of(`since = ${n}`, (d) => void (d.since = new Date(d.since.getTime() + n)))),
  num.map((n) => of(`blob = ${n}`, (d) => void (d.blob = new Uint8Array([...(d.blob ?? []), n & 7])))),
  fc.option(key).map((k) => of(`note = ${k}`, (d) => void (d.note = { value: k }))),
  fc.constant(of('note = null', (d) => void (d.note = null))),
)
