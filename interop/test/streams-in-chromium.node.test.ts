import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Browser } from 'playwright'
import { fileURLToPath } from 'node:url'
import { serveFolder, type Serving } from '../../bench/src/harness/serve-folder.ts'
import { webBuild, type WebBuild } from '../../bench/src/harness/web-build.ts'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import type { PageReport, Where } from './support/stream-page/page.ts'
import { streamWorld, type StreamWorld } from './support/stream-world.ts'

vi.setConfig({ testTimeout: 60_000 })

// A production build in a real Chromium on our host: units of 64 KiB over a real data connection, into whatever thread the engine runs on.
let browser: Browser
let built: WebBuild
let serving: Serving

beforeAll(async () => {
  built = await webBuild(fileURLToPath(new URL('support/stream-page/page.ts', import.meta.url)))
  serving = await serveFolder(built.folder)
  browser = await launchChromium()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await serving?.close()
  await built?.remove()
})

interface Opened {
  call<T>(name: string, argument?: unknown): Promise<T>
  report(): Promise<PageReport>
  close(): Promise<void>
}

async function openPage(world: StreamWorld, where: Where): Promise<Opened> {
  const page = await browser.newPage()
  await page.goto(serving.url)
  const call = async <T>(name: string, argument?: unknown): Promise<T> => {
    await page.waitForFunction((key) => key in globalThis, name)
    return page.evaluate(
      ([key, value]) =>
        (globalThis as never as Record<string, (value: unknown) => unknown>)[key]?.(value) as Promise<T>,
      [name, argument] as const,
    )
  }
  await call('openStream', { url: `http://127.0.0.1:${world.port}`, where })
  await eventually(() => expect(world.sources.length).toBeGreaterThan(0))
  return { call, report: () => call<PageReport>('report'), close: () => page.close() }
}

const upTo = (n: number, from = 1): number[] => Array.from({ length: n - from + 1 }, (_, i) => i + from)

describe('a data stream in Chromium', () => {
  test.each(['worker', 'blob-worker', 'inline'] as const)('with the engine in mode %s', async (where) => {
    const world = await streamWorld()
    const page = await openPage(world, where)
    for (const n of upTo(60)) world.source.send(n, {}, 65_536)
    await eventually(async () => expect((await page.report()).sequences).toEqual(upTo(60)))
    expect(await page.report()).toMatchObject({ mode: where, state: 'live', wrong: 0, lost: 0 })
    await page.call('closeStream')
    await eventually(() => expect([world.plane.leases, world.plane.readers]).toEqual([0, 0]))
    await page.close()
  })

  test('a worker of the app paints the units on a canvas of the page, which never sees a byte', async () => {
    const world = await streamWorld()
    const page = await openPage(world, 'custom')
    for (const n of upTo(100)) world.source.send(n, {}, 1000)
    await eventually(async () => expect((await page.report()).painted).toEqual(upTo(100)))
    await eventually(async () => expect((await page.report()).pixel).toBe(100))
    expect(await page.report()).toMatchObject({
      mode: 'custom',
      state: 'live',
      hadCanvas: true,
      sequences: [],
      errors: [],
    })
    await page.close()
  })

  test('a page that stalls loses frames, not its memory, and goes on with a recovery frame', async () => {
    const world = await streamWorld({ scheduler: { maxBytes: 512 * 1024 * 1024, maxUnits: 100_000 } })
    const page = await openPage(world, 'worker')
    let n = 0
    // As often as it takes: how much arrives while the page is stalled is up to the machine.
    for (let round = 0; round < 15 && (await page.report()).lost === 0; round++) {
      const stalled = page.call('stall', 1_000)
      for (let i = 0; i < 800; i++) world.source.send(++n, { recovery: n % 100 === 0 }, 65_536)
      await stalled
      await eventually(async () => {
        world.source.send(++n, { recovery: true }, 65_536)
        expect((await page.report()).sequences.at(-1)).toBe(n)
      })
    }
    const { sequences, wrong, lost } = await page.report()
    expect(wrong).toBe(0)
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
    expect(lost).toBeGreaterThan(0)
    // Every unit was delivered, or counted as lost.
    expect(sequences.length + lost).toBe(n)
    await page.close()
  })
})
