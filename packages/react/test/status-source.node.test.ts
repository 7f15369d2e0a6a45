import { expect, test } from 'vitest'
import { createStatusMemory, statusSource } from '../src/status-source.ts'
import { createFakeClient } from './support/fake-client.ts'

test('the status object stays the same while nothing about it changes', () => {
  const { store } = createFakeClient()
  const source = statusSource(createStatusMemory(), store.page, [])
  const before = source.get()
  expect(source.get()).toBe(before)
  store.setStatus('stale')
  expect(source.get()).toEqual({ status: 'stale', loaded: true, error: undefined })
  expect(source.get()).not.toBe(before)
  expect(source.getServer()).toEqual({ status: 'loading', loaded: false, error: undefined })
})

test('a component keeps the source it is subscribed to while store and path are the same', () => {
  const { store } = createFakeClient()
  const memory = createStatusMemory()
  const source = statusSource(memory, store.page, ['rows', 'r1'])
  source.subscribe(() => undefined)
  expect(statusSource(memory, store.page, ['rows', 'r1'])).toBe(source)
  expect(statusSource(memory, store.page, ['rows', 'r2'])).not.toBe(source)
  expect(statusSource(memory, createFakeClient().store.page, ['rows', 'r1'])).not.toBe(source)
})
