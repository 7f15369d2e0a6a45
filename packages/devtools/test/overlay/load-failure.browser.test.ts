import { afterEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { mountDevtools } from '../../src/overlay/mount-devtools.ts'
import { overlayOf } from '../support/overlay.ts'

let broken = true

// A deployment has taken the file away, or the network is gone.
vi.mock('../../src/open-panel.ts', () => ({
  openPanel: async () => {
    if (broken) throw new Error('Failed to fetch')
    return { element: document.createElement('rivulet-devtools'), close: () => {} }
  },
}))

let end = (): void => {}
afterEach(() => end())

test('a panel that cannot be loaded says why, and can be asked for again', async () => {
  end = mountDevtools({ open: true })
  const { dock, panel } = overlayOf()
  await vi.waitFor(() => expect(dock().querySelector('[role=alert]')?.textContent).toContain('Failed to fetch'), {
    timeout: 20_000,
  })
  broken = false
  await userEvent.click(dock().querySelector('.note button') as HTMLElement)
  await vi.waitFor(() => expect(panel()).not.toBeNull(), { timeout: 20_000 })
  expect(dock().querySelector('[role=alert]')).toBeNull()
})
