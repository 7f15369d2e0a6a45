import { RivuletProvider } from '@rivulet/react'
import { Profiler, StrictMode, type ReactNode } from 'react'
import { describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { createFakeClient } from '../../../packages/react/test/support/fake-client.ts'
import { ConnectionBadge } from '../page/connection-badge.tsx'
import { LevelMeter } from '../page/level-meter.tsx'
import { useSampled } from '../page/use-sampled.ts'

describe('LevelMeter', () => {
  const shown = (container: Element): number =>
    Number(container.querySelector<HTMLElement>('.meter-bar')?.style.getPropertyValue('--level') || '0')

  test('follows the level without a render, and falls back when it is silent', async () => {
    let level = 0
    let renders = 0
    const { container } = await render(
      <Profiler id="meter" onRender={() => void renders++}>
        <LevelMeter read={() => level} />
      </Profiler>,
    )
    const before = renders
    level = 0.8
    await expect.poll(() => shown(container)).toBe(0.8)
    level = 0.3
    await expect.poll(() => shown(container)).toBe(0.3)
    level = 0
    await expect.poll(() => shown(container)).toBe(0)
    expect(renders).toBe(before)
  })

  test('reads with the function of the latest render', async () => {
    const { container, rerender } = await render(<LevelMeter read={() => 0.2} />)
    await expect.poll(() => shown(container)).toBe(0.2)
    await rerender(<LevelMeter read={() => 0.9} />)
    await expect.poll(() => shown(container)).toBe(0.9)
  })

  test('paints no more after it is gone', async () => {
    let reads = 0
    const { container, unmount } = await render(
      <StrictMode>
        <LevelMeter read={() => ++reads} />
      </StrictMode>,
    )
    await expect.poll(() => shown(container)).toBeGreaterThan(0)
    await unmount()
    const before = reads
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    expect(reads).toBe(before)
  })
})

describe('useSampled', () => {
  test('shows the value of now and then', async () => {
    let value = 1
    function Sample(): ReactNode {
      return <p>value {useSampled(() => value, 10)}</p>
    }
    const screen = await render(<Sample />)
    await expect.element(screen.getByText('value 1')).toBeVisible()
    value = 2
    await expect.element(screen.getByText('value 2')).toBeVisible()
  })
})

describe('ConnectionBadge', () => {
  test('says how the connection is', async () => {
    const fake = createFakeClient()
    const screen = await render(
      <RivuletProvider client={fake.client}>
        <ConnectionBadge />
      </RivuletProvider>,
    )
    await expect.element(screen.getByText('Connecting…')).toBeVisible()
    fake.setConnection({ state: 'connected', attempt: 0, since: 1, clockOffset: null })
    await expect.element(screen.getByText('Live')).toBeVisible()
    const error = { code: 'disconnected', what: 'the cable is out' } as const
    fake.setConnection({ state: 'disconnected', attempt: 1, since: 1, clockOffset: null, error })
    await expect.element(screen.getByText('Reconnecting…')).toHaveAttribute('title', 'the cable is out')
  })
})
