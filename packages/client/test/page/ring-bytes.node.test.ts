import { afterEach, describe, expect, test, vi } from 'vitest'
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
const throwing = (error: Error): never => {
  throw error
}

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
    expect(ringBytesOf(devtools, throwing)).toBe(bytes)
    expect(await ringOf({ devtools })).toBe(bytes === 0 ? undefined : bytes)
  })

  test.each([
    ['production', undefined],
    ['development', 4 * MIB],
    ['test', undefined],
    [undefined, undefined],
  ])('absent, with NODE_ENV %s', async (env, bytes) => {
    vi.stubEnv('NODE_ENV', env)
    expect(await ringOf({})).toBe(bytes)
  })

  test('absent, on a page that nobody bundled: nothing is kept', () => {
    vi.stubGlobal('process', undefined)
    const off = ringBytesOf(undefined, throwing)
    vi.unstubAllGlobals()
    expect(off).toBe(0)
  })

  test.each([{ ringBytes: '4' }, { ringBytes: 0.5 }, { ringBytes: -1 }, { ringBytes: Infinity }, { ringBytes: NaN }])(
    '%j: a config error that names the option, and nothing is kept',
    async (devtools) => {
      const { fake, client, errors } = openPage({ devtools: devtools as never })
      client.connect()
      await eventually(() => expect(fake.starts).toHaveLength(1))
      expect(fake.starts[0]?.config.ringBytes).toBe(undefined)
      expect(errors).toMatchObject([{ code: 'config', what: expect.stringContaining('devtools') as string }])
    },
  )
})
