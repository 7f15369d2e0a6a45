import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkAddress, type Endpoint, readAnswer } from '../../../src/engine/streams/endpoint.ts'
import { createIDCheck } from '../../../src/engine/streams/stream-id.ts'

const CAMERA = { store: 'CameraStore', name: 'Camera.Video', key: 'camera-a' }
const ID = 'restream:dfed6ec5f707b1830aa39a70e893aacd67604ea4963e015a64710b3eda802ad5'
const endpoint = (metadata = {}): Endpoint => ({
  leaseID: 'l',
  url: 'ws://d',
  token: 't',
  expiresAtUnixMilli: 0,
  metadata,
})

describe('an endpoint', () => {
  test('is read as hosts send it: without metadata, without expiry, with more than we know', () => {
    expect(readAnswer({ endpoint: { leaseID: 'l', url: 'u', token: 't', extra: 1 } })).toEqual({
      endpoint: { leaseID: 'l', url: 'u', token: 't', expiresAtUnixMilli: 0, metadata: {} },
    })
    expect(readAnswer({ error: 'no', endpoint: {} })).toEqual({ refusal: 'no' })
    expect(readAnswer({ error: '', endpoint: { leaseID: '', url: '', token: '', metadata: null } })).toHaveProperty(
      'endpoint',
    )
    expect(readAnswer({ error: 'x'.repeat(10_000) })).toEqual({ refusal: 'x'.repeat(4096) })
  })

  test('anything else is a TypeError, and what is kept is bounded', () => {
    fc.assert(
      fc.property(fc.record({ endpoint: fc.anything(), error: fc.anything() }), (message) => {
        expect(sizeOf(message)).toBeLessThan(1_000_000)
      }),
    )
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, 'v'.repeat(5000)]))
    const answer = readAnswer({ endpoint: { leaseID: 'l', url: 'u', token: 't', metadata: many } })
    const { metadata } = 'endpoint' in answer ? answer.endpoint : endpoint()
    expect(Object.keys(metadata)).toHaveLength(64)
    expect(metadata['k0']).toHaveLength(4096)
  })

  test('its address is checked against the page', () => {
    for (const origin of [undefined, 'http://app.test']) checkAddress('ws://data.test/x', origin)
    for (const url of [
      'wss://data.test',
      'ws://localhost:1',
      'ws://127.0.0.1',
      'ws://[::1]:8',
      'ws://cam.localhost/',
    ]) {
      checkAddress(url, 'https://app.test')
    }
    expect(() => checkAddress('ws://data.test/x', 'https://app.test')).toThrow(/https.*wss:/s)
    expect(() => checkAddress('ws://127.evil.test/', 'https://app.test')).toThrow(/https/)
    for (const url of ['', 'x', '//data.test', 'http://data.test', 'javascript:1']) {
      expect(() => checkAddress(url, undefined)).toThrow(/no address/)
    }
  })
})

describe('the id of the units', () => {
  test('a derived id has to be the right one', async () => {
    const check = await createIDCheck(CAMERA, endpoint())
    expect(check(ID)).toBe(true)
    const other = await createIDCheck({ ...CAMERA, key: 'camera-é' }, endpoint())
    expect([other(ID), check(ID)]).toEqual([false, true])
  })

  test('what the broker says counts; else the first unit decides', async () => {
    const said = await createIDCheck(CAMERA, endpoint({ streamID: 'cam' }))
    expect([said('cam'), said(ID), said('other')]).toEqual([true, false, false])
    const free = await createIDCheck(CAMERA, endpoint())
    expect([free('one'), free('one'), free('two')]).toEqual([true, true, false])
  })
})

/** Characters of what is read; 0 when it is refused with a TypeError. */
function sizeOf(message: Readonly<Record<string, unknown>>): number {
  try {
    return JSON.stringify(readAnswer(message)).length
  } catch (e) {
    if (e instanceof TypeError) return 0
    throw e
  }
}
