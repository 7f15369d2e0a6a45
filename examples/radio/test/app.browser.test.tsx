import { RivuletProvider } from '@rivulet/react'
import { Profiler, StrictMode } from 'react'
import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render, type RenderResult } from 'vitest-browser-react'
import { createFakeClient, type FakeClient } from '../../../packages/react/test/support/fake-client.ts'
import { FRAME_SAMPLES, toPcm } from '../../shared/audio/pcm.ts'
import { App } from '../src/app/app.tsx'
import css from '../src/app/app.css?inline'
import { RadioStore, type Station, StationFrame } from '../src/radio/schema.ts'
import type { Speaker } from '../src/radio/speaker.ts'

const style = document.head.appendChild(document.createElement('style'))
style.textContent = css

const LOUD = toPcm(Float32Array.from({ length: FRAME_SAMPLES }, (_, i) => (i % 2 === 0 ? 1 : -1)))

const station = (name: string, mhz: number, more: Partial<Station> = {}): Station => ({
  name,
  about: `About ${name}.`,
  mhz,
  listeners: 0,
  onAir: false,
  frames: 0,
  ...more,
})

// Not in the order of the dial, as maps of a host come.
const STATE = {
  stations: new Map([
    ['b', station('Bravo', 101)],
    ['a', station('Alfa', 90, { listeners: 2, onAir: true, frames: 1234 })],
  ]),
}

interface FakeSpeaker extends Speaker {
  readonly log: string[]
  readonly volumes: number[]
  refuse: Error | null
}

function createFakeSpeaker(): FakeSpeaker {
  const log: string[] = []
  const volumes: number[] = []
  const speaker: FakeSpeaker = {
    log,
    volumes,
    refuse: null,
    start: () => (speaker.refuse === null ? Promise.resolve() : Promise.reject(speaker.refuse)),
    open() {
      log.push('open')
      return {
        play: (seq, pcm) => void log.push(`play ${seq} ${pcm.byteLength}`),
        setVolume: (volume) => void volumes.push(volume),
        playout: { waiting: 3, played: 9, underruns: 1, concealed: 0, skipped: 0 },
        close: () => void log.push('close'),
      }
    },
  }
  return speaker
}

interface Page extends FakeClient {
  readonly screen: RenderResult
  readonly speaker: FakeSpeaker
  readonly renders: () => number
}

async function open(state: unknown = STATE, strict = true): Promise<Page> {
  const fake = createFakeClient(state, RadioStore)
  const speaker = createFakeSpeaker()
  let renders = 0
  const app = (
    <RivuletProvider client={fake.client}>
      <Profiler id="app" onRender={() => void renders++}>
        <App speaker={speaker} />
      </Profiler>
    </RivuletProvider>
  )
  const screen = await render(strict ? <StrictMode>{app}</StrictMode> : app)
  return Object.assign(fake, { screen, speaker, renders: () => renders })
}

const level = (within: Element | null): number =>
  Number(within?.querySelector<HTMLElement>('.meter-bar')?.style.getPropertyValue('--level') || 0)

describe('the dial', () => {
  test('lists the stations from left to right, with what the host says of them', async () => {
    const { screen } = await open()
    const names = [...screen.container.querySelectorAll('.station h2')].map((h) => h.textContent)
    expect(names).toEqual(['Alfa', 'Bravo'])
    const alfa = screen.getByRole('region', { name: 'Alfa' })
    await expect.element(alfa.getByText('90.0 MHz')).toBeVisible()
    await expect.element(alfa.getByText('On air')).toBeVisible()
    await expect.element(alfa.getByText('2 listeners')).toBeVisible()
    await expect.element(alfa.getByText('1,234 frames made')).toBeVisible()
    await expect.element(screen.getByRole('region', { name: 'Bravo' }).getByText('Off', { exact: true })).toBeVisible()
  })

  test('before anything has arrived it is there, and busy', async () => {
    const { screen } = await open(null)
    await expect.element(screen.getByRole('list', { name: 'Stations' })).toHaveAttribute('aria-busy', 'true')
  })

  test('a listener more changes the count', async () => {
    const { screen, store } = await open()
    store.put(['stations', 'a', 'listeners'], 1)
    await expect.element(screen.getByRole('region', { name: 'Alfa' }).getByText('1 listener')).toBeVisible()
  })
})

describe('tuning', () => {
  test('nothing is listened to before, and nothing after', async () => {
    const { screen, listening, speaker } = await open()
    expect(listening()).toEqual([])
    const button = screen.getByRole('button', { name: 'Tune in Alfa' })
    await button.click()
    // The card and its lamp.
    expect(listening()).toEqual(['StationFrame:a', 'StationFrame:a'])
    await expect.element(screen.getByRole('button', { name: 'Tune out Alfa' })).toHaveAttribute('aria-pressed', 'true')
    await screen.getByRole('button', { name: 'Tune out Alfa' }).click()
    expect(listening()).toEqual([])
    expect(speaker.log.filter((entry) => entry === 'open')).toHaveLength(
      speaker.log.filter((entry) => entry === 'close').length,
    )
  })

  test('digits tune in by place on the dial, but not as part of a shortcut', async () => {
    const { listening } = await open()
    await userEvent.keyboard('2')
    expect(listening()).toEqual(['StationFrame:b', 'StationFrame:b'])
    await userEvent.keyboard('{Control>}1{/Control}7')
    expect(listening()).toEqual(['StationFrame:b', 'StationFrame:b'])
    await userEvent.keyboard('2')
    expect(listening()).toEqual([])
  })

  test('frames go to the speaker and the meters of their station only', async () => {
    const { screen, emit, speaker } = await open()
    await userEvent.keyboard('12')
    emit(StationFrame, { seq: 7, pcm: LOUD }, 'a')
    expect(speaker.log.filter((entry) => entry.startsWith('play'))).toEqual(['play 7 640'])
    await expect.poll(() => level(screen.container.querySelector('[data-station=a]'))).toBeGreaterThan(0.5)
    expect(level(screen.container.querySelector('[data-lamp=a]'))).toBeGreaterThan(0.5)
    expect(level(screen.container.querySelector('[data-station=b]'))).toBe(0)
  })

  test('a thousand frames are counted, and render nothing but the figures, twice a second', async () => {
    const { screen, emit, renders } = await open(STATE, false)
    await userEvent.keyboard('1')
    const before = renders()
    for (let seq = 0; seq < 1000; seq++) emit(StationFrame, { seq: seq < 500 ? seq : seq + 3, pcm: LOUD }, 'a')
    const began = performance.now()
    const alfa = screen.getByRole('region', { name: 'Alfa' })
    await expect.element(alfa.getByText('1,000', { exact: true })).toBeVisible()
    await expect.element(alfa.getByText('1 (3 lost)')).toBeVisible()
    await expect.element(alfa.getByText('625 KiB')).toBeVisible()
    const samples = Math.ceil((performance.now() - began) / 500) + 1
    expect(renders() - before).toBeLessThanOrEqual(samples)
  })

  test('the volume is set', async () => {
    const { screen, speaker } = await open()
    await userEvent.keyboard('1')
    await screen.getByRole('slider', { name: 'Volume of Alfa' }).fill('0.25')
    await expect.poll(() => speaker.volumes.at(-1)).toBe(0.25)
  })

  test('where there is no sound, it says why, and meters all the same', async () => {
    const { screen, speaker, emit } = await open()
    speaker.refuse = new Error('Sound needs a page from https or localhost.')
    await userEvent.keyboard('1')
    await expect
      .element(screen.getByRole('alert'))
      .toHaveTextContent('No sound: Sound needs a page from https or localhost.')
    emit(StationFrame, { seq: 7, pcm: LOUD }, 'a')
    await expect.poll(() => level(screen.container.querySelector('[data-station=a]'))).toBeGreaterThan(0.5)
  })

  test('leaving the page lets everything go', async () => {
    const { screen, store, listening } = await open()
    await userEvent.keyboard('12')
    await screen.unmount()
    expect(listening()).toEqual([])
    expect(store.followed()).toEqual([])
  })
})
