import { afterEach, describe, expect, test, vi } from 'vitest'
import { readOptions } from '../../src/page/client-config.ts'
import { ringBytesOf } from '../../src/page/ring-bytes.ts'
import type { ClientOptions } from '../../src/page/types.ts'
import { eventually } from '../support/eventually.ts'
import { closePages, openPage } from '../support/page.ts'

afterEach(async () => {
  await closePages()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

const MIB = 1024 * 1024
const ringOf = async (options: Partial<ClientOptions>): Promise<unknown> => {
  const { fake, client } = openPage(options)
  client.connect()
  await eventually(() => expect(fake.starts).toHaveLength(1))
  return fake.starts[0]?.config.ringBytes
}

describe('the option devtools', () => {
  test.each([
    [true, 4 * MIB],
    [{}, 4 * MIB],
    [{ ringBytes: 1 }, 1],
    [{ ringBytes: 0 }, 0],
    [false, 0],
  ])('%j: as much', async (devtools, bytes) => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(ringBytesOf(devtools)).toBe(bytes)
    expect(await ringOf({ devtools })).toBe(bytes === 0 ? undefined : bytes)
  })

  test.each([
    ['production', undefined],
    ['development', 4 * MIB],
    ['test', 4 * MIB],
    [undefined, undefined],
  ])('absent, with NODE_ENV %s', async (env, bytes) => {
    vi.stubEnv('NODE_ENV', env)
    expect(await ringOf({})).toBe(bytes)
  })

  test('absent, on a page that nobody bundled: nothing is kept', () => {
    vi.stubGlobal('process', undefined)
    const off = ringBytesOf()
    vi.unstubAllGlobals()
    expect(off).toBe(0)
  })

  test.each([{ ringBytes: '4' }, { ringBytes: 0.5 }, { ringBytes: Infinity }, { ringBytes: NaN }])(
    '%j: a config error that names the option',
    (devtools) => {
      expect(() => readOptions({ url: 'http://localhost:1', devtools: devtools as never })).toThrow(
        expect.objectContaining({ code: 'config', message: expect.stringContaining('devtools') as string }),
      )
    },
  )
})
