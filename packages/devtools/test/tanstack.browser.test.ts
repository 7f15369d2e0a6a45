import { TanStackDevtoolsCore } from '@tanstack/devtools'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { rivuletDevtoolsPlugin } from '../src/tanstack.ts'
import { createFakeProbe, type FakeProbe } from './support/fake-probe.ts'
import { textOf } from './support/overlay.ts'

let probe: FakeProbe

beforeEach(() => {
  localStorage.clear()
  probe = createFakeProbe('https://game.test')
  probe.register()
})

afterEach(() => {
  probe.end()
  document.body.replaceChildren()
})

// A limit for what hangs: the panel is compiled on its way here.
const SOON = { timeout: 20_000, interval: 20 }

const panels = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('rivulet-devtools')]

async function shownIn(root: HTMLElement): Promise<HTMLElement> {
  const panel = await vi.waitUntil(() => root.querySelector<HTMLElement>('rivulet-devtools'), SOON)
  await vi.waitFor(() => expect(textOf(panel)).toContain('game.test'), SOON)
  return panel
}

describe('in TanStack Devtools', () => {
  test('the panel is there when its tab is open, and sees the page’s clients', async () => {
    const root = document.body.appendChild(document.createElement('div'))
    const devtools = new TanStackDevtoolsCore({
      config: { defaultOpen: true },
      plugins: [rivuletDevtoolsPlugin({ defaultOpen: true })],
    })
    devtools.mount(root)
    const panel = await shownIn(document.body)
    expect(panel.getBoundingClientRect().height).toBeGreaterThan(20)
    expect(panel.getAttribute('theme')).toMatch(/^(dark|light)$/)
    devtools.unmount()
    await vi.waitFor(() => expect(panels()).toEqual([]), SOON)
  })
})

describe('the plugin', () => {
  const place = (): HTMLElement => document.body.appendChild(document.createElement('div'))

  test('says who it is, and no more than was asked for', () => {
    expect(rivuletDevtoolsPlugin()).toMatchObject({ id: 'rivulet', name: 'Rivulet' })
    expect(rivuletDevtoolsPlugin()).not.toHaveProperty('defaultOpen')
    expect(rivuletDevtoolsPlugin({ defaultOpen: false }).defaultOpen).toBe(false)
  })

  test('rendered again in its place it only changes its colours', async () => {
    const plugin = rivuletDevtoolsPlugin()
    const root = place()
    plugin.render(root, { theme: 'dark' })
    const panel = await shownIn(root)
    expect(panel.getAttribute('theme')).toBe('dark')
    plugin.render(root, { theme: 'light' })
    await vi.waitFor(() => expect(panel.getAttribute('theme')).toBe('light'), SOON)
    expect(panels()).toEqual([panel])
    plugin.destroy('rivulet')
    await vi.waitFor(() => expect(panels()).toEqual([]), SOON)
  })

  test('rendered in another place it moves there; destroyed while it loads it does not come', async () => {
    const plugin = rivuletDevtoolsPlugin()
    const [first, second] = [place(), place()]
    plugin.render(first)
    await shownIn(first)
    plugin.render(second)
    await shownIn(second)
    await vi.waitFor(() => expect(first.childElementCount).toBe(0), SOON)

    plugin.destroy('rivulet')
    await vi.waitFor(() => expect(panels()).toEqual([]), SOON)
    const third = place()
    plugin.render(third)
    plugin.destroy('rivulet')
    plugin.render(second)
    await shownIn(second)
    expect(third.childElementCount).toBe(0)
    plugin.destroy('rivulet')
    plugin.destroy('rivulet')
    await vi.waitFor(() => expect(panels()).toEqual([]), SOON)
  })
})
