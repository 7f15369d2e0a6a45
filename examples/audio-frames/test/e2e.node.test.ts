import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright'
import { describe, expect, test, vi } from 'vitest'
import { eventually, exampleRig, figure } from '../../shared/test/example-rig.ts'
import { startStudioHost } from '../host/start-studio-host.ts'
import type { Sender } from '../src/studio/schema.ts'

vi.setConfig({ testTimeout: 60_000 })

/** What the host does with a frame in the test at hand; nothing by default. */
let workMs = 0
let atWork = 0
let mostAtWork = 0
const warnings: string[] = []

async function work(): Promise<void> {
  if (workMs === 0) return
  mostAtWork = Math.max(mostAtWork, ++atWork)
  await sleep(workMs)
  atWork--
}

const rig = exampleRig(join(import.meta.dirname, '..'), (port) => {
  warnings.length = 0
  return startStudioHost({
    port,
    logger: { warn: (text) => warnings.push(text), error: (text) => warnings.push(text) },
    ...(workMs > 0 ? { work } : {}),
  })
})

const SELF = '[data-sender=self]'
const senders = (): readonly Sender[] => [...(rig.host.studio.state.senders?.values() ?? [])]
const first = (): Sender | undefined => senders()[0]
const start = (page: Page): Promise<void> => page.getByRole('button', { name: 'Start' }).click()
const burst = (page: Page): Promise<void> => page.getByRole('button', { name: /^Burst/ }).click()
const mine = (page: Page, name: string): Promise<number> => figure(page, '.desk', name)

async function choose(page: Page, source: string): Promise<void> {
  await page.getByLabel(source).check()
}

describe('audio frames', () => {
  test.each(['Tone', 'Microphone'])(
    'feature 185: %s: frames arrive in sequence, none is lost, and the meter moves',
    async (source) => {
      const page = await rig.open()
      await choose(page, source)
      await start(page)
      await eventually(first, (sender) => (sender?.frames ?? 0) > 100)
      expect(first()).toMatchObject({ lost: 0, gaps: 0, late: 0, duplicates: 0 })
      // Chromium's own test microphone beeps once a second.
      await eventually(first, (sender) => (sender?.level ?? 0) > 0.3)
      await eventually(
        () => figure(page, SELF, 'frames'),
        (n) => n > 100,
      )
      await page.getByRole('button', { name: 'Stop' }).click()
      // What was captured is what arrived.
      await eventually(
        async () => [await mine(page, 'captured'), first()?.frames],
        ([sent, got]) => sent === got,
      )
      expect(await mine(page, 'dropped here')).toBe(0)
      await eventually(first, (sender) => sender?.level === 0)
      expect(rig.problems).toEqual([])
    },
  )

  test('two tabs see each other, and a tab that is closed is gone', async () => {
    const [a, b] = [await rig.open(), await rig.open()]
    await a.getByLabel('Name').fill('Ann')
    await a.getByLabel('Name').press('Enter')
    await start(a)
    await start(b)
    await b.locator('[data-sender=other]').getByText('Ann').waitFor()
    await eventually(
      () => figure(b, '[data-sender=other]', 'frames'),
      (n) => n > 20,
    )
    await eventually(
      () => figure(a, '[data-sender=other]', 'frames'),
      (n) => n > 20,
    )
    await a.close()
    await b.locator('[data-sender=other]').waitFor({ state: 'detached' })
    expect(senders()).toHaveLength(1)
    expect(rig.problems).toEqual([])
  })

  test('a name that the host does not take is refused with its reason', async () => {
    const page = await rig.open()
    await page.getByLabel('Name').fill('   ')
    await page.getByLabel('Name').press('Enter')
    const reason = page.getByText('a name has 1 to 40 characters')
    await reason.waitFor()
    expect(await reason.getAttribute('role')).toBe('alert')
  })

  test('features 148 and 185: a burst does not end the connection: what the host cannot take at once waits, then the oldest is dropped', async () => {
    const page = await rig.open()
    await start(page)
    await eventually(first, (sender) => (sender?.frames ?? 0) > 10)
    for (let i = 0; i < 3; i++) await burst(page)
    await eventually(
      () => mine(page, 'in flight'),
      (n) => n < 40,
    )
    await eventually(
      () => mine(page, 'dropped here'),
      (n) => n > 500,
    )
    await page.getByRole('button', { name: 'Stop' }).click()
    // Every frame is accounted for: the host got it, or the page says that it dropped it.
    await eventually(
      async () => [await mine(page, 'captured'), await mine(page, 'dropped here'), first()?.frames ?? 0] as const,
      ([captured, dropped, got]) => captured > 1500 && captured === dropped + got,
    )
    expect(first()?.lost).toBe(await mine(page, 'dropped here'))
    expect(first()).toMatchObject({ late: 0, duplicates: 0 })
    expect(warnings).toEqual([])
    expect(rig.problems).toEqual([])
  })

  test('a restart of the host: the page goes on sending, and counts what could not be sent', async () => {
    const page = await rig.open()
    await start(page)
    await eventually(first, (sender) => (sender?.frames ?? 0) > 20)
    await rig.stop()
    await page.locator('.connection').getByText('Reconnecting…').waitFor()
    await eventually(
      () => mine(page, 'dropped here'),
      (n) => n > 10,
    )
    await rig.restart()
    await eventually(first, (sender) => (sender?.frames ?? 0) > 100)
    // The first frames that it gets waited for it: they follow each other.
    expect(first()).toMatchObject({ lost: 0, late: 0, duplicates: 0 })
    await eventually(
      () => mine(page, 'waiting'),
      (n) => n === 0,
    )
  })
})

describe('a slow host', () => {
  test('is never asked to work on more than the window, whatever the page captures', async () => {
    workMs = 300
    try {
      await rig.restart()
      const page = await rig.open()
      for (let i = 0; i < 4; i++) await burst(page)
      await eventually(first, (sender) => (sender?.frames ?? 0) >= 64)
      await eventually(
        () => mine(page, 'in flight'),
        (n) => n === 0,
      )
      expect(mostAtWork).toBeGreaterThan(16)
      expect(mostAtWork).toBeLessThanOrEqual(64)
      expect(await mine(page, 'captured')).toBe(2000)
      expect((await mine(page, 'dropped here')) + (first()?.frames ?? 0)).toBe(2000)
      expect(warnings).toEqual([])
    } finally {
      workMs = 0
    }
  })
})
