import { expect, test } from 'vitest'
import * as index from '../src/index.ts'
import * as reactNative from '../src/react-native.ts'

test('the react-native entry has every value of the index', () => {
  expect(Object.keys(reactNative).toSorted()).toEqual(Object.keys(index).toSorted())
})

test('its client runs without a worker, and says so to who asks for one', async () => {
  expect(() => reactNative.createClient({ url: 'http://127.0.0.1:1', worker: () => undefined as never })).toThrow(
    expect.objectContaining({ code: 'config' }),
  )
  const client = reactNative.createClient({ url: 'http://127.0.0.1:1', autoConnect: false })
  client.connect()
  expect(await client.mode).toBe('inline')
  await client.dispose()
})
