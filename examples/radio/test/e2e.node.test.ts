import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, test, vi } from 'vitest'
import { eventually, exampleRig, figure } from '../../shared/test/example-rig.ts'
import { startRadioHost } from '../host/start-radio-host.ts'

vi.setConfig({ testTimeout: 60_000 })

const rig = exampleRig(join(import.meta.dirname, '..'), (port) => startRadioHost({ port, logger: null }))

const card = (id: string): string => `[data-station=${id}]`
const toggle = (page: Page, id: string): Promise<void> => page.locator(`${card(id)} button`).click()
const frames = (page: Page, id: string): Promise<number> => figure(page, card(id), 'frames')
const gaps = (page: Page, id: string): Promise<number> => figure(page, card(id), 'gaps')
const level = (page: Page, within: string): Promise<number> =>
  page
    .locator(`${within} .meter-bar`)
    .evaluate((bar) => Number((bar as HTMLElement).style.getPropertyValue('--level') || 0))
const listeners = (id: string): number => rig.host.radio.state.stations?.get(id)?.listeners ?? -1

/** The `keyedeventsub` messages that the host gets from now on, from pages that are connected. */
function subscriptions(): string[] {
  const seen: string[] = []
  for (const { socket } of rig.host.host.viewers) {
    socket.on('keyedeventsub', ({ key, action }: { key: string; action: number }) => seen.push(`${key} ${action}`))
  }
  return seen
}

describe('the radio', () => {
  test('tuned in: frames are counted, none is lost, the meter moves, the sound is played', async () => {
    const page = await rig.open()
    await toggle(page, 'harbour-bells')
    await eventually(
      () => frames(page, 'harbour-bells'),
      (n) => n > 100,
    )
    expect(await gaps(page, 'harbour-bells')).toBe(0)
    await eventually(
      () => level(page, card('harbour-bells')),
      (l) => l > 0.3,
    )
    // The audio thread says so itself.
    await eventually(
      () => figure(page, card('harbour-bells'), 'played'),
      (n) => n > 50,
    )
    expect(await page.getByRole('alert').innerText()).toBe('')
    expect(rig.problems).toEqual([])
  })

  test('tuned out: the host stops synthesizing, and starts again', async () => {
    const page = await rig.open()
    const { transmitter } = rig.host
    await toggle(page, 'skiff')
    await eventually(
      () => transmitter.frames('skiff'),
      (n) => n > 10,
    )
    await toggle(page, 'skiff')
    await eventually(
      () => transmitter.onAir('skiff'),
      (on) => !on,
    )
    const made = transmitter.frames('skiff')
    await toggle(page, 'surf')
    await eventually(
      () => transmitter.frames('surf'),
      (n) => n > 10,
    )
    expect(transmitter.frames('skiff')).toBe(made)
    expect(transmitter.frames('night-tide')).toBe(0)
    await page.locator(`${card('skiff')} .on-air[data-on=false]`).waitFor()
    await toggle(page, 'skiff')
    await eventually(
      () => transmitter.frames('skiff'),
      (n) => n > made,
    )
    expect(rig.problems).toEqual([])
  })

  test('feature 184: a lamp and a card listen to one station: one subscription on the wire, one listener', async () => {
    const page = await rig.open()
    const seen = subscriptions()
    await toggle(page, 'night-tide')
    await eventually(
      () => frames(page, 'night-tide'),
      (n) => n > 20,
    )
    await eventually(
      () => level(page, '[data-lamp=night-tide]'),
      (l) => l > 0.1,
    )
    expect(seen).toEqual(['night-tide 0'])
    expect(listeners('night-tide')).toBe(1)
    await toggle(page, 'night-tide')
    await eventually(
      () => seen.length,
      (n) => n === 2,
    )
    expect(seen).toEqual(['night-tide 0', 'night-tide 1'])
  })

  test('two tabs, several stations: each gets what it asked for, and the dial counts both', async () => {
    const [a, b] = [await rig.open(), await rig.open()]
    await toggle(a, 'harbour-bells')
    await toggle(a, 'surf')
    await toggle(b, 'surf')
    for (const [page, id] of [
      [a, 'harbour-bells'],
      [a, 'surf'],
      [b, 'surf'],
    ] as const)
      await eventually(
        () => frames(page, id),
        (n) => n > 20,
      )
    await a
      .locator(`${card('surf')} [data-stat=listeners]`)
      .getByText('2 listeners')
      .waitFor()
    await b
      .locator(`${card('harbour-bells')} [data-stat=listeners]`)
      .getByText('1 listener', { exact: true })
      .waitFor()
    await b.close()
    await a
      .locator(`${card('surf')} [data-stat=listeners]`)
      .getByText('1 listener', { exact: true })
      .waitFor()
    expect(rig.host.transmitter.onAir('surf')).toBe(true)
    expect(rig.problems).toEqual([])
  })

  test('after a restart of the host playing goes on by itself', async () => {
    const page = await rig.open()
    await toggle(page, 'harbour-bells')
    await eventually(
      () => frames(page, 'harbour-bells'),
      (n) => n > 20,
    )
    await rig.restart()
    const before = await frames(page, 'harbour-bells')
    await eventually(
      () => frames(page, 'harbour-bells'),
      (n) => n > before + 50,
    )
    await eventually(
      () => level(page, card('harbour-bells')),
      (l) => l > 0.3,
    )
    expect(rig.host.transmitter.onAir('harbour-bells')).toBe(true)
  })

  test('it is played by keyboard', async () => {
    const page = await rig.open()
    await page.locator(card('skiff')).waitFor()
    await page.keyboard.press('3')
    await eventually(
      () => frames(page, 'skiff'),
      (n) => n > 10,
    )
    await page.locator(`${card('skiff')} button`).focus()
    await page.keyboard.press('Enter')
    await page.locator(`${card('skiff')}[data-tuned=false]`).waitFor()
    expect(rig.problems).toEqual([])
  })
})
