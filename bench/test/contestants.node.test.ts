import { describe, expect, test } from 'vitest'
import { checkWorld } from '../src/decode/check.ts'
import { codecs } from '../src/decode/codecs/all.ts'
import { checkFleet } from '../src/decode/fleet/check-fleet.ts'
import { type Boat, makeFleet } from '../src/decode/fleet/fleet.ts'
import { fleetCodecs } from '../src/decode/fleet/fleet-codecs.ts'
import { makeMoves, makeWorld, moved } from '../src/decode/world.ts'

describe('world', () => {
  test('is the same on every run', () => {
    expect(makeWorld(50)).toEqual(makeWorld(50))
    expect(makeMoves(50, 10, 1)).toEqual(makeMoves(50, 10, 1))
    expect(makeMoves(50, 10, 1)).not.toEqual(makeMoves(50, 10, 2))
  })

  test('holds only numbers that float32 keeps', () => {
    for (const { x, y } of makeWorld(200).values()) expect([Math.fround(x), Math.fround(y)]).toEqual([x, y])
  })

  test('moves different entities, spread over all of them', () => {
    const ids = makeMoves(1000, 10, 0).map(({ id }) => id)
    expect(new Set(ids).size).toBe(10)
    expect(ids.at(-1)).toBe('e900')
  })
})

describe.each(codecs.map((codec) => [codec.name, codec] as const))('%s', (_, codec) => {
  const world = makeWorld(40)

  test('decodes the world it was sent', () => {
    expect(() => checkWorld(codec, codec.decode(codec.send(world).full), world)).not.toThrow()
  })

  test('is caught when it decodes another one', () => {
    const other = moved(world, [{ id: 'e3', x: 0.125, y: 0.25 }])
    expect(() => checkWorld(codec, codec.decode(codec.send(world).full), other)).toThrow(/e3\.x/)
    expect(() => checkWorld(codec, codec.decode(codec.send(makeWorld(39)).full), world)).toThrow(
      /39 entities instead of 40/,
    )
  })
})

describe.each(codecs.flatMap((codec) => (codec.apply === undefined ? [] : [[codec.name, codec] as const])))(
  'deltas of %s',
  (_, codec) => {
    test('lead from one world to the next', () => {
      const world = makeWorld(40)
      const sender = codec.send(world)
      let state = codec.decode(sender.full)
      for (const seed of [0, 1, 2]) {
        const moves = makeMoves(40, 15, seed)
        const message = sender.delta?.(moves)
        if (message === undefined) throw new Error('A codec that applies deltas must make them.')
        state = codec.apply?.(state, message)
        const arrived = state
        expect(() => checkWorld(codec, arrived, moved(world, moves))).not.toThrow()
      }
    })
  },
)

describe.each(fleetCodecs.map((codec) => [codec.name, codec] as const))('the fleet of %s', (_, codec) => {
  const fleet = makeFleet(30)

  test('is the one that was sent', () => {
    expect(codec.fleet(codec.decode(codec.encode(fleet)))).toEqual(fleet)
    expect(() => checkFleet(codec, codec.decode(codec.encode(fleet)), fleet)).not.toThrow()
  })

  test('is caught when it is another one', () => {
    const decoded = codec.decode(codec.encode(fleet))
    expect(() => checkFleet(codec, decoded, makeFleet(29))).toThrow(/30 boats instead of 29/)
    const [id, boat] = [...fleet][3] as [string, Boat]
    for (const other of [{ levels: new Map([['fuel', 2]]) }, { anchor: null }, { odometer: 1 }]) {
      expect(() => checkFleet(codec, decoded, new Map(fleet).set(id, { ...boat, ...other }))).toThrow(
        new RegExp(`another ${Object.keys(other)[0]} of ${id}`),
      )
    }
  })
})
