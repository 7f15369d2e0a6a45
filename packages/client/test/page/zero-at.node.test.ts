import { describe, expect, test } from 'vitest'
import { zeroAt } from '../../src/index.ts'
import { FleetStore, makeFleet } from '../support/fleet.ts'
import { closePages, openPage } from '../support/page.ts'

describe('zeroAt', () => {
  test('is zero for fields, and undefined behind a null and for elements', () => {
    expect(zeroAt(FleetStore, ['title'])).toBe('')
    expect(zeroAt(FleetStore, ['at', 'lat'])).toBe(0)
    expect(zeroAt(FleetStore, ['flagship'])).toBeNull()
    expect(zeroAt(FleetStore, ['flagship', 'name'])).toBeUndefined()
    expect(zeroAt(FleetStore, ['boats', 'b', 'at', 'lat'])).toBeUndefined()
    expect(zeroAt(FleetStore, ['queue', 0])).toBeUndefined()
  })

  test('is the same object every time, and nobody can change it', () => {
    const state = zeroAt(FleetStore, [])
    expect(zeroAt(FleetStore, [])).toBe(state)
    expect(zeroAt(FleetStore, ['at'])).toBe((state as { at: unknown }).at)
    expect(Object.isFrozen(state)).toBe(true)
    expect(Object.isFrozen(zeroAt(FleetStore, ['at']))).toBe(true)
  })

  test('stays zero while a page follows data, and is what that page read before', async () => {
    const { store, fake } = openPage()
    expect(store.get(['at'])).toBe(zeroAt(FleetStore, ['at']))
    fake.load(FleetStore, makeFleet())
    await store.ready('title')
    expect(store.get('title')).toBe('Harbour')
    expect(zeroAt(FleetStore, ['title'])).toBe('')
    await closePages()
  })

  test('refuses a path that the schema does not have', () => {
    expect(() => zeroAt(FleetStore, ['titel'])).toThrow(expect.objectContaining({ code: 'path' }))
    expect(() => zeroAt(FleetStore, ['boats', 1])).toThrow(expect.objectContaining({ code: 'path' }))
  })
})
