import { RivuletError } from '@rivulet/wire'
import { sendKeys, settle } from './feed-keys.ts'
import { dropState, setLive } from './feed-status.ts'
import { isPrefix } from './path-key.ts'
import { plainError } from './plain-error.ts'
import type { KeySub, StoreFeed } from './store-feed.ts'

/** A subscription whose catch-up takes longer than this is made again. */
export const CATCH_UP_MS = 30_000

/** The same for keys below one that is live, as when a page that followed the whole store goes on with a part of it: nothing is missing meanwhile. */
const COVERED_MS = 10_000

/** Waits before the second, third… resync of a store in a row; the first is immediate. */
const RESYNC_MIN_MS = 1_000
const RESYNC_MAX_MS = 30_000

/** A store that went without trouble for this long starts over. */
const FORGIVEN_MS = 60_000

/**
 * Drops the state and subscribes again: at once the first time, then after a wait that doubles, so that a host that keeps sending nonsense is not asked for it without pause.
 */
export function resync(feed: StoreFeed, cause: unknown): void {
  const { host, def } = feed
  const error = plainError(cause, 'malformed', { store: def.name, hint: 'The store is subscribed again.' })
  host.error(error, feed)
  const now = host.clock.now()
  feed.failures = now - feed.failedAt > FORGIVEN_MS ? 1 : feed.failures + 1
  feed.failedAt = now
  dropState(feed, error)
  feed.fullStore = false
  for (const sub of feed.keys.values()) {
    if (sub.sent) host.emitSub(feed, sub.wire, 1)
    sub.sent = false
  }
  feed.held = 'resync'
  feed.cancelTimer?.()
  feed.cancelTimer = null
  settle(feed)
  const again = (): void => {
    feed.cancelTimer = null
    feed.held = null
    sendKeys(feed)
    host.news(feed)
  }
  if (feed.failures === 1) again()
  else
    feed.cancelTimer = host.clock.after(
      Math.min(RESYNC_MAX_MS, RESYNC_MIN_MS * 2 ** Math.min(feed.failures - 2, 20)),
      again,
    )
}

/** A subscription went out: its catch-up has to come in time. One timer a store; slow hosts get more time with every failure. */
export function expectCatchUp(feed: StoreFeed): void {
  if (feed.cancelTimer !== null || feed.held !== null) return
  const oldest = missing(feed)
  if (oldest === undefined) return
  const { clock } = feed.host
  const patience = isCovered(feed, oldest) ? COVERED_MS : CATCH_UP_MS * 2 ** Math.min(feed.failures, 4)
  feed.cancelTimer = clock.after(Math.max(0, oldest.sentAt + patience - clock.now()), () => {
    feed.cancelTimer = null
    const late = missing(feed)
    if (late === undefined) return
    if (late.sentAt + patience > clock.now()) return expectCatchUp(feed)
    if (isCovered(feed, late)) return wholeStatesOnly(feed)
    // Answers to these will not come any more, and must not be mistaken for the ones to come.
    feed.awaiting = []
    feed.baseline = null
    const what = `the host sent nothing for the key "${late.wire}" within ${patience} ms`
    resync(feed, new RivuletError('timeout', what, { store: feed.def.name, hint: feed.host.silenceHint }))
  })
}

/** Stops the timer when nothing is missing. */
export function catchUpArrived(feed: StoreFeed): void {
  if (feed.cancelTimer === null || feed.held !== null || missing(feed) !== undefined) return
  feed.cancelTimer()
  feed.cancelTimer = null
}

/** The key that has waited longest: keys keep the order in which they were subscribed. */
function missing(feed: StoreFeed): KeySub | undefined {
  for (const sub of feed.keys.values()) if (sub.sent && !sub.live) return sub
  return undefined
}

/** Whether what the key stands for comes with another one. */
function isCovered(feed: StoreFeed, { path }: KeySub): boolean {
  for (const other of feed.keys.values()) if (other.live && isPrefix(other.path, path)) return true
  return false
}

/**
 * Silence about a key below a live one is how a host of whole states answers: it has sent everything for the first key. Should the host only be slow, its catch-up is taken as the update that it is.
 */
function wholeStatesOnly(feed: StoreFeed): void {
  feed.fullStore = true
  feed.awaiting = []
  for (const sub of feed.keys.values()) if (sub.sent) setLive(feed, sub)
  settle(feed)
  feed.host.news(feed)
}
