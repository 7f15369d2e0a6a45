import type { ProbeChange, ProbeObserver, ProbeOrigin } from '@rivulet/client/inspect'
import type { PageEvent } from '../protocol.ts'
import { createOriginNames, type OriginNames } from './plain-origin.ts'

/** What happened on a page, in batches for one panel. */
export interface PageBatch {
  readonly observer: ProbeObserver
  add(event: PageEvent): void
  end(): void
}

type Runs = Map<number, { told: number; other: number }>

/** A patch that is not finished: hooks may still run because of it. */
interface OpenPatch {
  readonly patch: Parameters<ProbeObserver['patch']>[0]
  settled: number
  readonly runs: Runs
}

interface OpenRuns {
  readonly at: number
  readonly runs: Runs
}

type Kept = { readonly patch: OpenPatch } | { readonly runs: OpenRuns } | { readonly event: PageEvent }

const EVERY_MS = 50
const MAX_EVENTS = 5000
/** Of all patches that wait; each may have 200. */
const MAX_CHANGES = 20_000
/** Hooks that one event tells of. */
const MAX_RUNS = 2000

/** Collects what an observer hears, and sends it at most every 50 ms, later while `isBusy`. What does not fit is counted. */
export function createPageBatch(send: (events: readonly PageEvent[]) => void, isBusy: () => boolean): PageBatch {
  const names = createOriginNames()
  let kept: Kept[] = []
  let changes = 0
  let lost = 0
  let patch: OpenPatch | undefined
  let runs: OpenRuns | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const keep = (what: Kept, size = 0): void => {
    timer ??= setTimeout(flush, EVERY_MS)
    if (kept.length >= MAX_EVENTS || changes + size > MAX_CHANGES) lost++
    else {
      kept.push(what)
      changes += size
    }
  }

  const flush = (): void => {
    timer = undefined
    if (isBusy()) {
      timer = setTimeout(flush, EVERY_MS)
      return
    }
    const all = kept
    kept = []
    changes = 0
    patch = undefined
    runs = undefined
    const events = all.map((one) => eventOf(one, names))
    const origins = names.take()
    if (origins.length > 0) events.unshift({ type: 'origins', origins })
    if (lost > 0) events.push({ type: 'lost', lost })
    lost = 0
    if (events.length > 0) send(events)
    // More names than one batch takes.
    if (origins.length > 0) timer ??= setTimeout(flush, EVERY_MS)
  }

  const ran = (origin: ProbeOrigin, cause: number | undefined): void => {
    names.mention(origin)
    let to = patch?.runs ?? runs?.runs
    if (to === undefined) {
      runs = { at: performance.timeOrigin + performance.now(), runs: (to = new Map()) }
      keep({ runs })
    }
    let count = to.get(origin.id)
    if (count === undefined) {
      if (to.size >= MAX_RUNS) {
        lost++
        return
      }
      to.set(origin.id, (count = { told: 0, other: 0 }))
    }
    if (cause !== undefined && cause === patch?.patch.number) count.told++
    else count.other++
  }

  return {
    observer: {
      patch(heard) {
        patch = { patch: heard, settled: heard.notified, runs: new Map() }
        runs = undefined
        keep({ patch }, heard.changes.length)
      },
      settled(number, at) {
        if (patch?.patch.number === number) patch.settled = at
      },
      ran,
    },
    add: (event) => keep({ event }),
    end() {
      clearTimeout(timer)
      kept = []
    },
  }
}

function eventOf(one: Kept, names: OriginNames): PageEvent {
  if ('event' in one) return one.event
  if ('runs' in one) {
    const list = [...one.runs.runs].map(([origin, { told, other }]) => ({ origin, other: told + other }))
    return { type: 'runs', at: one.runs.at, runs: list }
  }
  const { patch, settled, runs } = one.patch
  const { number, bytes, began, applied, notified, changes, more } = patch
  return {
    type: 'patch',
    number,
    at: performance.timeOrigin + began,
    bytes,
    apply: applied - began,
    notify: notified - applied,
    settle: settled - notified,
    changes: changes.map((change) => plainChange(change, names)),
    more,
    runs: [...runs].map(([origin, counts]) => ({ origin, ...counts })),
  }
}

function plainChange(change: ProbeChange, names: OriginNames): ProbeChange {
  return { ...change, origins: change.origins.map((origin) => origin && names.plain(origin)) }
}
