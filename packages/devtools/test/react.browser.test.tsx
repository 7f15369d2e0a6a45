import { StrictMode } from 'react'
import { beforeEach, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { RivuletDevtools } from '../src/react.ts'
import { overlayOf } from './support/overlay.ts'

beforeEach(() => localStorage.clear())

const overlays = (): number => document.querySelectorAll('rivulet-overlay').length

test('is there once in StrictMode, renders nothing in its place, and goes when it is unmounted', async () => {
  const screen = await render(
    <StrictMode>
      <RivuletDevtools position="top-left" />
    </StrictMode>,
  )
  expect(overlays()).toBe(1)
  expect(screen.container.innerHTML).toBe('')
  expect(overlayOf().button().dataset['corner']).toBe('top-left')
  await screen.unmount()
  expect(overlays()).toBe(0)
})

test('two of them share one', async () => {
  const screen = await render(
    <>
      <RivuletDevtools />
      <RivuletDevtools />
    </>,
  )
  expect(overlays()).toBe(1)
  await screen.unmount()
  expect(overlays()).toBe(0)
})

test('follows its props', async () => {
  const screen = await render(<RivuletDevtools dock="bottom" open theme="dark" />)
  expect(overlayOf().dock().hidden).toBe(false)
  expect(overlayOf().dock().dataset['edge']).toBe('bottom')
  await screen.rerender(<RivuletDevtools dock="right" open theme="light" />)
  expect(overlayOf().dock().dataset['edge']).toBe('right')
  expect(overlayOf().host.dataset['theme']).toBe('light')
  await screen.unmount()
})
