import { expect, test } from 'vitest'
import { contestants, takeTurn } from '../src/devtools/frames-turn.ts'
import { withStage } from '../src/harness/with-page.ts'

const effort = { rounds: 1, warmMs: 100, openingMs: 300, openMs: 300 }

test('every page draws, hears updates, events and answers, and an engine with devtools tells what it got', async () => {
  await withStage(new URL('../src/devtools/fps-page.tsx', import.meta.url), async (stage) => {
    for (const one of [contestants[0], contestants[1], contestants[3]]) {
      if (one === undefined) throw new Error('There are fewer contestants than were looked for.')
      // Rejects when rows, events or answers stand still while frames are counted.
      const { open, opening, busy, sent, received } = await stage.onPage((page) => takeTurn(page, one, effort))
      for (const { gaps, took } of [open, opening]) {
        expect(took).toBeGreaterThanOrEqual(300)
        expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBeCloseTo(took, 3)
      }
      expect(Math.min(busy.open, busy.opening)).toBeGreaterThan(0)
      expect(sent.messages).toBeGreaterThan(0)
      if (!one.devtools) expect(received).toBeUndefined()
      else {
        expect(received?.updates).toBeGreaterThan(received?.others ?? Infinity)
        expect(Math.min(received?.others ?? 0, received?.over ?? 0)).toBeGreaterThan(0)
      }
    }
  })
}, 400_000)
