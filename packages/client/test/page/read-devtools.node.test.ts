import { afterEach, describe, expect, test, vi } from 'vitest'
import { readOptions } from '../../src/page/client-config.ts'
import { readDevtools } from '../../src/page/read-devtools.ts'
import type { ClientOptions } from '../../src/page/types.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

const MIB = 1024 * 1024
const ringOf = (options: Partial<ClientOptions>): unknown =>
  readOptions({ url: 'http://localhost:1', ...options }).engine.ringBytes

describe('the option devtools', () => {
  test.each([
    [true, 4 * MIB],
    [{}, 4 * MIB],
    [{ ringBytes: 1 }, 1],
    [{ ringBytes: 0 }, 0],
    [false, 0],
  ])('%j: as much', (devtools, bytes) => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(readDevtools(devtools)).toBe(bytes)
    expect(ringOf({ devtools })).toBe(bytes === 0 ? undefined : bytes)
  })

  test.each([
    ['production', undefined],
    ['development', 4 * MIB],
    ['test', 4 * MIB],
    [undefined, undefined],
  ])('absent, with NODE_ENV %s', (env, bytes) => {
    vi.stubEnv('NODE_ENV', env)
    expect(ringOf({})).toBe(bytes)
  })

  test('absent, on a page that nobody bundled: nothing is kept', () => {
    vi.stubGlobal('process', undefined)
    const off = ringOf({})
    vi.unstubAllGlobals()
    expect(off).toBe(undefined)
  })

  test.each([1, 'on', null, { ringBytes: -1 }, { ringBytes: '4' }, { ringBytes: 2 ** 40 }, { ringBytes: NaN }])(
    '%j: a config error that names the option',
    (devtools) => {
      expect(() => readDevtools(devtools as never)).toThrow(
        expect.objectContaining({ code: 'config', message: expect.stringContaining('devtools') as string }),
      )
    },
  )
})
