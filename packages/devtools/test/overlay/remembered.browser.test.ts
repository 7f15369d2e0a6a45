import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createMemory } from '../../src/overlay/remembered.ts'

const KEY = 'rivulet.devtools.overlay'

beforeEach(() => localStorage.clear())
afterEach(() => vi.restoreAllMocks())

describe('what the developer chose', () => {
  test('is there for the next page, together with what was chosen before', () => {
    createMemory().add({ open: true, bottom: 300 })
    createMemory().add({ corner: 'top-left', right: 500, dock: 'right' })
    expect(createMemory().value).toEqual({ open: true, bottom: 300, corner: 'top-left', right: 500, dock: 'right' })
  })

  test.each([
    'no json',
    'null',
    '[]',
    '7',
    '{"open":"yes","corner":"middle","dock":"left","bottom":"1","right":-4}',
    '{"bottom":null,"right":1e999}',
  ])('what is not ours is left aside: %s', (text) => {
    localStorage.setItem(KEY, text)
    expect(createMemory().value).toEqual({})
  })

  test('one entry that is wrong does not take the others with it', () => {
    localStorage.setItem(KEY, '{"open":1,"bottom":222,"__proto__":{"dock":"right"}}')
    expect(createMemory().value).toEqual({ bottom: 222 })
  })

  test('without storage it holds for this page', () => {
    const refused = (): never => {
      throw new DOMException('denied', 'SecurityError')
    }
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refused)
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refused)
    const memory = createMemory()
    expect(memory.value).toEqual({})
    memory.add({ dock: 'right' })
    memory.add({ open: true })
    expect(memory.value).toEqual({ dock: 'right', open: true })
  })
})
