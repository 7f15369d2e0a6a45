import { expect, test } from 'vitest'
import { contestants, takeTurn, type Turn } from '../src/devtools/frames-turn.ts'
import { withStage } from '../src/harness/with-page.ts'

const effort = { rounds: 1, warmMs: 100, openingMs: 300, openMs: 300 }
const NAMES = ['without devtools', 'devtools, closed: the ring and the button', 'panel open: Wire']

test('every page draws, hears updates, events and answers, and an engine with devtools tells what it got', async () => {
  const turns: Turn[] = []
  await withStage(new URL('../src/devtools/fps-page.tsx', import.meta.url), async (stage) => {
    for (const one of contestants.filter(({ name }) => NAMES.includes(name)))
      // Rejects when rows, events or answers stand still while frames are counted.
      turns.push(await stage.onPage((page) => takeTurn(page, one, effort)))
  })
  expect(turns).toHaveLength(NAMES.length)
  for (const { open, opening, busy, sent } of turns) {
    for (const { gaps, took } of [open, opening]) {
      expect(took).toBeGreaterThanOrEqual(300)
      expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBeCloseTo(took, 3)
    }
    expect(Math.min(busy.open, busy.opening, sent.messages)).toBeGreaterThan(0)
  }
  const [without, ...others] = turns.map(({ received }) => received)
  expect(without).toBeUndefined()
  for (const received of others) {
    expect(received?.updates).toBeGreaterThan(received?.others ?? Infinity)
    expect(Math.min(received?.others ?? 0, received?.over ?? 0)).toBeGreaterThan(0)
  }
}, 400_000)
