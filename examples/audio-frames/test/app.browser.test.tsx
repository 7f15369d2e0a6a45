import { RivuletError } from '@rivulet/client'
import { RivuletProvider } from '@rivulet/react'
import { Profiler, StrictMode } from 'react'
import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render, type RenderResult } from 'vitest-browser-react'
import { createFakeClient, type FakeClient } from '../../../packages/react/test/support/fake-client.ts'
import { FRAME_BYTES } from '../../shared/audio/pcm.ts'
import { App } from '../src/app/app.tsx'
import css from '../src/app/app.css?inline'
import type { Capture, Source } from '../src/studio/capture.ts'
import { Rename, type Sender, StudioStore } from '../src/studio/schema.ts'
import { createSelf } from '../src/studio/self.ts'

const style = document.head.appendChild(document.createElement('style'))
style.textContent = css

const sender = (name: string, more: Partial<Sender> = {}): Sender => ({
  name,
  level: 0,
  frames: 0,
  lost: 0,
  gaps: 0,
  late: 0,
  duplicates: 0,
  done: null,
  ...more,
})

interface FakeCapture extends Capture {
  readonly log: string[]
  frame(): void
  refuse: Error | null
}

function createFakeCapture(): FakeCapture {
  const log: string[] = []
  let hear: ((pcm: Uint8Array) => void) | null = null
  const capture: FakeCapture = {
    log,
    refuse: null,
    frame: () => hear?.(new Uint8Array(FRAME_BYTES)),
    start(source: Source, onFrame) {
      if (capture.refuse !== null) return Promise.reject(capture.refuse)
      log.push(`start ${source}`)
      hear = onFrame
      return Promise.resolve(() => {
        log.push('stop')
        hear = null
      })
    },
  }
  return capture
}

interface Page extends FakeClient {
  readonly screen: RenderResult
  readonly capture: FakeCapture
  readonly self: ReturnType<typeof createSelf>
  readonly renders: () => number
}

async function open(senders: readonly (readonly [string, Sender])[] = [], strict = true): Promise<Page> {
  const fake = createFakeClient({ senders: new Map(senders) }, StudioStore)
  fake.setConnection({ state: 'connected', attempt: 0, since: 1, clockOffset: null })
  const capture = createFakeCapture()
  const self = createSelf()
  let renders = 0
  const app = (
    <RivuletProvider client={fake.client}>
      <Profiler id="app" onRender={() => void renders++}>
        <App self={self} capture={capture} />
      </Profiler>
    </RivuletProvider>
  )
  const screen = await render(strict ? <StrictMode>{app}</StrictMode> : app)
  return Object.assign(fake, { screen, capture, self, renders: () => renders })
}

const shown = (screen: RenderResult, name: string): string =>
  screen.container.querySelector(`.desk [data-stat="${name}"]`)?.textContent ?? ''

describe('sending', () => {
  test('starts and stops the chosen source; what it captures is sent', async () => {
    const { screen, capture, sent } = await open()
    await screen.getByRole('radio', { name: 'Microphone' }).click()
    await screen.getByRole('button', { name: 'Start' }).click()
    await expect.poll(() => capture.log.at(-1)).toBe('start microphone')
    await expect.element(screen.getByRole('radio', { name: 'Tone' })).toBeDisabled()
    for (let i = 0; i < 3; i++) capture.frame()
    expect(sent.map(({ args }) => (args as { seq: number }).seq)).toEqual([0, 1, 2])
    await screen.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => capture.log.at(-1)).toBe('stop')
    capture.frame()
    expect(sent).toHaveLength(3)
  })

  test('shows what became of a burst: half the host’s bound in flight, a second waiting, the rest dropped', async () => {
    const { screen, sent } = await open()
    await screen.getByRole('button', { name: 'Burst of 500' }).click()
    expect(sent).toHaveLength(64)
    await expect.poll(() => shown(screen, 'captured')).toBe('500')
    expect(['sent', 'in flight', 'waiting', 'dropped here'].map((name) => shown(screen, name))).toEqual([
      '64',
      '64',
      '50',
      '386',
    ])
  })

  test('a thousand frames render nothing but the figures, five times a second', async () => {
    const { screen, capture, renders } = await open([], false)
    await screen.getByRole('button', { name: 'Start' }).click()
    await expect.poll(() => capture.log).toEqual(['start tone'])
    const before = renders()
    const began = performance.now()
    for (let i = 0; i < 1000; i++) capture.frame()
    await expect.poll(() => shown(screen, 'captured')).toBe('1,000')
    expect(renders() - before).toBeLessThanOrEqual(Math.ceil((performance.now() - began) / 200) + 1)
  })

  test('where there is no sound, it says why, and may be tried again', async () => {
    const { screen, capture } = await open()
    capture.refuse = new Error('Permission denied')
    await screen.getByRole('button', { name: 'Start' }).click()
    await expect.element(screen.getByText('No sound: Permission denied')).toBeVisible()
    capture.refuse = null
    await screen.getByRole('button', { name: 'Start' }).click()
    await expect.element(screen.getByRole('button', { name: 'Stop' })).toBeVisible()
    expect(screen.getByText('No sound').elements()).toEqual([])
  })

  test('leaving the page stops the capture and lets everything go', async () => {
    const { screen, capture, store } = await open()
    await screen.getByRole('button', { name: 'Start' }).click()
    await expect.poll(() => capture.log.at(-1)).toBe('start tone')
    await screen.unmount()
    await expect.poll(() => capture.log.at(-1)).toBe('stop')
    expect(store.followed()).toEqual([])
  })
})

describe('the name', () => {
  test('is changed with Enter, and kept for the next connection', async () => {
    const { screen, calls, self } = await open()
    await screen.getByLabelText('Name').fill(' Ann ')
    await userEvent.keyboard('{Enter}')
    expect(calls.map(({ rpc, args }) => [rpc, args])).toEqual([[Rename, { name: ' Ann ' }]])
    calls[0]?.resolve(undefined)
    await expect.poll(() => self.name).toBe('Ann')
  })

  test('that the host refuses stays what it was, with the reason', async () => {
    const { screen, calls, self } = await open()
    const before = self.name
    await screen.getByLabelText('Name').fill('?')
    await userEvent.keyboard('{Enter}')
    calls[0]?.reject(new RivuletError('rpc', 'a name has 1 to 40 characters'))
    await expect.element(screen.getByText('a name has 1 to 40 characters')).toBeVisible()
    expect(self.name).toBe(before)
  })
})

describe('the table', () => {
  test('shows everybody, with a mark at this page, and follows', async () => {
    const { screen, store, self } = await open([['you', sender('Ben', { frames: 1234, lost: 2 })]])
    const row = screen.getByRole('row', { name: /Ben/ })
    await expect.element(row.getByText('1,234')).toBeVisible()
    store.put(['senders', self.id], sender('Ann', { level: 0.7 }))
    const mine = screen.getByRole('row', { name: /Ann \(this page\)/ })
    await expect.element(mine).toBeVisible()
    const bar = mine.element().querySelector<HTMLElement>('.meter-bar')
    await expect.poll(() => bar?.style.getPropertyValue('--level')).toBe('0.700')
    store.put(['senders', 'you', 'frames'], 1235)
    await expect.element(row.getByText('1,235')).toBeVisible()
  })

  test('says so when there is nobody', async () => {
    const { screen } = await open()
    await expect.element(screen.getByText('Nobody has sent anything yet.')).toBeVisible()
  })
})

test('every page calls itself something else', () => {
  expect(createSelf().id).toMatch(/^[0-9a-f]{32}$/)
  expect(createSelf().id).not.toBe(createSelf().id)
  expect(createSelf().name).not.toBe('')
})
