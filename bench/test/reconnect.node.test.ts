import { expect, test } from 'vitest'
import { withStage } from '../src/harness/with-page.ts'
import type { LiveHostName } from '../src/live/live-host.ts'
import { runHost } from '../src/live/run-host.ts'
import { comeBack, type ComeBack } from '../src/reconnect/come-back.ts'

const setting = { rows: 400, moved: 10 }
// Every tenth row is shown; the rows that change are among them.
const ids = Array.from({ length: 40 }, (_, i) => `e${i * 10}`)
const ABSENCES = 2

const contestants = [
  ['rivulet, session', 'rivulet, sessions'],
  ['rivulet', 'rivulet'],
] as const

test('whoever comes back renders the rows that changed, once, and no other; with a session for the bytes of the change', async () => {
  const bytes: Record<string, number> = {}
  await withStage(new URL('../src/live/page.tsx', import.meta.url), async (stage) => {
    for (const [name, host] of contestants satisfies readonly (readonly [string, LiveHostName])[]) {
      const running = await runHost(host, setting)
      try {
        const absences = { name, setting, ids, changes: 41, absences: ABSENCES }
        const samples = await stage.onPage((open): Promise<ComeBack[]> => comeBack(open, running, absences))
        expect(samples).toHaveLength(ABSENCES)
        for (const sample of samples) {
          expect(sample).toMatchObject({ unchangedRenders: 0, changedRenders: setting.moved, fallbacks: 0 })
        }
        bytes[name] = Math.min(...samples.map((sample) => sample.bytes))
      } finally {
        await running.close()
      }
    }
  })
  expect(bytes['rivulet, session']).toBeLessThan((bytes['rivulet'] ?? 0) / 4)
}, 300_000)
