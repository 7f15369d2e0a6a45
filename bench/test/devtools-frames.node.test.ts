import { expect, test } from 'vitest'
import { noteOf } from '../src/devtools/frames-note.ts'
import { contestants, takeTurn, type Turn } from '../src/devtools/frames-turn.ts'
import { directHost, processHost } from '../src/devtools/stream-hosts.ts'
import { withStage } from '../src/harness/with-page.ts'

// A busy machine may keep a real host and the browser's network process from everything for half a second.
const effort = { rounds: 1, warmMs: 100, openingMs: 300, openMs: 2000 }
const NAMES = ['without devtools', 'devtools, closed: the ring and the button', 'panel open: Wire']

const hosts = [
  ['a real host', processHost],
  ['a host in the worker', directHost],
] as const

test.each(hosts)(
  'every page of %s draws, hears updates, events and answers, and an engine with devtools tells what it got',
  async (_, startHost) => {
    const turns: Turn[] = []
    await withStage(new URL('../src/devtools/fps-page.tsx', import.meta.url), async (stage) => {
      for (const one of contestants.filter(({ name }) => NAMES.includes(name)))
        // Rejects when rows, events or answers stand still while frames are counted.
        turns.push(await stage.onPage((page) => takeTurn(page, one, effort, startHost)))
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
    if (startHost !== directHost) return
    // Nothing is between it and the engine; a busy machine may still take most of its time.
    for (const { sent } of turns) {
      expect(sent.merged).toBe(0)
      expect(sent.messages / sent.over).toBeGreaterThan(1)
    }
    const got = others.flatMap((one) => (one === undefined ? [] : [(one.updates + one.others) / one.over]))
    expect(got).toHaveLength(others.length)
    expect(Math.min(...got)).toBeGreaterThan(1)
  },
  400_000,
)

const frames = { gaps: [10, 30], took: 40 }
const turn = (perSecond: number, received?: Turn['received']): Turn => ({
  opening: frames,
  open: frames,
  busy: { opening: 4, open: 8 },
  sent: { messages: perSecond / 20, merged: 0, over: 50 },
  received,
})

test('a note has what passed in each turn', () => {
  const note = noteOf('open', [turn(10_000, { updates: 900, others: 100, over: 100 })])
  expect(note).toBe('50.0 fps; longest 30 ms; page thread busy 20 %; host sent 10,000/s, 0 merged; engine got 10,000/s')
  expect(noteOf('opening', [turn(10_000)])).toMatch(/busy 10 %/)
})

test('a note names the turns in which the engine got too few, by its own account or by what was handed to it', () => {
  const enough = turn(9_000)
  const few = turn(8_000)
  const fewByItself = turn(10_000, { updates: 700, others: 99, over: 100 })
  expect(noteOf('open', [few, enough, fewByItself], 9_000)).toMatch(
    /engine got 7,990\/s; fewer than 9,000\/s in turn 1, 3$/,
  )
  expect(noteOf('open', [enough], 9_000)).not.toMatch(/fewer/)
  expect(noteOf('open', [few, fewByItself])).not.toMatch(/fewer/)
})
