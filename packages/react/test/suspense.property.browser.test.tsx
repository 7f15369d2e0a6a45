import * as fc from 'fast-check'
import { StrictMode, Suspense, useLayoutEffect, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { RivuletProvider, useSuspenseStore } from '@rivulet/react'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { FLEET, FleetStore, type FleetState } from './support/schema.ts'

/** What may happen to a page after it has shown its data. */
type Step =
  | { readonly kind: 'delta'; readonly ticks: number }
  | { readonly kind: 'full'; readonly title: string }
  | { readonly kind: 'status'; readonly status: 'stale' | 'loading' | 'live' | 'error' }
  | { readonly kind: 'connection'; readonly up: boolean }
  | { readonly kind: 'resync' }
  | { readonly kind: 'switch' }
  | { readonly kind: 'remount' }
  | { readonly kind: 'hide' }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('delta' as const), ticks: fc.integer({ min: 0, max: 1000 }) }),
  fc.record({ kind: fc.constant('full' as const), title: fc.string({ minLength: 1, maxLength: 5 }) }),
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom('stale' as const, 'loading' as const, 'live' as const, 'error' as const),
  }),
  fc.record({ kind: fc.constant('connection' as const), up: fc.boolean() }),
  fc.constantFrom(
    { kind: 'resync' as const },
    { kind: 'switch' as const },
    { kind: 'remount' as const },
    { kind: 'hide' as const },
  ),
)

const Fallback = ({ onShow }: { readonly onShow: () => void }): ReactNode => {
  useLayoutEffect(onShow)
  return <em>waiting</em>
}
const Path = (): ReactNode => useSuspenseStore(FleetStore, 'title')
const Selected = (): ReactNode => {
  const { title } = useSuspenseStore(FleetStore, (s) => ({ title: `${s.title}|${s.ticks}` }))
  return title
}

/** Lets messages of ports and React's work through. */
async function turns(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setTimeout(resolve, 0))
}

test('once shown, the fallback never shows again', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      let fallbacks = 0
      let expected: FleetState = FLEET
      let mounted = 0
      let hidden = false
      let selecting = false
      const { client, fake } = openPage({ graceMs: 60_000, onError: () => undefined })
      const onFallback = (): void => void (fallbacks += 1)
      const host = document.body.appendChild(document.createElement('div'))
      const root = createRoot(host)
      const draw = (): void =>
        root.render(
          <StrictMode>
            <RivuletProvider client={client}>
              <Suspense fallback={<Fallback onShow={onFallback} />}>
                {hidden ? null : (
                  <p key={mounted}>
                    <Path />
                    <Selected />
                    {selecting && <Selected />}
                  </p>
                )}
              </Suspense>
            </RivuletProvider>
          </StrictMode>,
        )
      const text = (): string =>
        hidden ? '' : `${expected.title}${`${expected.title}|${expected.ticks}`.repeat(selecting ? 2 : 1)}`

      draw()
      await expect.poll(() => host.textContent).toBe('waiting')
      fake.load(FleetStore, FLEET)
      await expect.poll(() => host.textContent).toBe(text())
      fallbacks = 0
      for (const one of steps) {
        switch (one.kind) {
          case 'delta':
            expected = Object.assign({}, expected, { ticks: one.ticks })
            fake.load(FleetStore, expected)
            break
          case 'full':
            expected = Object.assign({}, expected, { title: one.title })
            fake.load(FleetStore, expected)
            break
          case 'status':
            fake.statusAll(one.status, one.status === 'error' ? { code: 'denied', what: 'no' } : undefined)
            break
          case 'connection': {
            const state = one.up ? 'connected' : 'disconnected'
            fake.post({ type: 'connection', status: { state, since: 1, attempt: 1, clockOffset: null } })
            break
          }
          case 'resync':
            // A patch that cannot be read: the page asks for everything again.
            fake.post({ type: 'patch', buffer: new Uint8Array([9]).buffer })
            break
          case 'switch':
            selecting = !selecting
            draw()
            break
          case 'remount':
            mounted += 1
            draw()
            break
          default:
            hidden = !hidden
            draw()
        }
        await turns()
        expect(host.textContent).not.toContain('waiting')
      }
      await expect.poll(() => host.textContent).toBe(text())
      expect(fallbacks).toBe(0)
      root.unmount()
      host.remove()
      await closePages()
    }),
    { numRuns: 20 },
  )
})
