import type { Turn } from './frames-turn.ts'

const perSecond = (count: number, ms: number): number => Math.round((count / ms) * 1000)
const text = (rates: readonly number[]): string => rates.map((rate) => rate.toLocaleString('en-US')).join(', ')

/** What an engine has got in a second of a turn: by its own account, where it keeps one; else what was handed to it. */
const rateAtEngine = ({ received, sent }: Turn): number =>
  received === undefined
    ? perSecond(sent.messages, sent.over)
    : perSecond(received.updates + received.others, received.over)

/**
 * Frames per second, the longest frame, how busy the page's thread was, and what passed meanwhile, turn by turn. Turns in which the engine got less than `atLeast` messages a second are named.
 */
export function noteOf(stretch: 'opening' | 'open', turns: readonly Turn[], atLeast = 0): string {
  const frames = turns.map((turn) => turn[stretch])
  const fps = frames.map(({ gaps, took }) => ((gaps.length / took) * 1000).toFixed(1))
  const longest = Math.max(...frames.flatMap(({ gaps }) => gaps))
  const busy = turns.map((turn) => `${((turn.busy[stretch] / turn[stretch].took) * 100).toFixed(0)} %`)
  const sent = turns.map((turn) => perSecond(turn.sent.messages, turn.sent.over))
  const merged = turns.reduce((sum, turn) => sum + turn.sent.merged, 0)
  const got = turns.filter(({ received }) => received !== undefined).map(rateAtEngine)
  const slow = turns.flatMap((turn, i) => (rateAtEngine(turn) < atLeast ? [i + 1] : []))
  return [
    `${fps.join(', ')} fps`,
    `longest ${longest.toFixed(0)} ms`,
    `page thread busy ${busy.join(', ')}`,
    `host sent ${text(sent)}/s, ${merged} merged`,
    ...(got.length === 0 ? [] : [`engine got ${text(got)}/s`]),
    ...(slow.length === 0 ? [] : [`fewer than ${text([atLeast])}/s in turn ${slow.join(', ')}`]),
  ].join('; ')
}
