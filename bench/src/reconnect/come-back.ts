import type { OpenPage } from '../harness/with-page.ts'
import { movesOf, type Setting, xAfter } from '../live/live-host.ts'
import type { RunningHost } from '../live/run-host.ts'

/** One return to the host. */
export interface ComeBack {
  /** From the new connection until every row is right. */
  readonly ms: number
  /** From the host, handshake included. */
  readonly bytes: number
  readonly unchangedRenders: number
  readonly changedRenders: number
  readonly fallbacks: number
}

interface Absences {
  readonly name: string
  readonly setting: Setting
  readonly ids: readonly string[]
  /** Changes during each absence: one more than a multiple of the variants, so that none ends where it began. */
  readonly changes: number
  readonly absences: number
}

interface Rendered {
  readonly byRow: Readonly<Record<string, number>>
  readonly fallbacks: number
}

/** Opens the application, and cuts it off `absences` times while the store changes. */
export async function comeBack(
  { call }: OpenPage,
  { host, relay, url }: RunningHost,
  { name, setting, ids, changes, absences }: Absences,
): Promise<ComeBack[]> {
  const shown = (made: number): Record<string, number> => {
    const xs = xAfter(setting, made)
    return Object.fromEntries(ids.map((id) => [id, xs.get(id) ?? NaN]))
  }
  const changing = new Set(movesOf(setting)(0).map(({ id }) => id))
  await call('startApp', { name, url, ids })
  await call('untilRows', shown(0))
  const samples: ComeBack[] = []
  let warm = true
  for (let absence = 0; absence <= absences; absence++) {
    relay.cut()
    await host.ask('empty')
    const made = await host.ask<number>('change', changes)
    const before = await call<Rendered>('rendered')
    const bytes = relay.bytesDown()
    const [right, connected] = await Promise.all([call<number>('untilRows', shown(made)), relay.mended()])
    const ms = right - performance.timeOrigin - connected
    const after = await call<Rendered>('rendered')
    const rendersOf = (changed: boolean): number =>
      ids
        .filter((id) => changing.has(id) === changed)
        .reduce((sum, id) => sum + (after.byRow[id] ?? 0) - (before.byRow[id] ?? 0), 0)
    const sample = {
      ms,
      bytes: relay.bytesDown() - bytes,
      unchangedRenders: rendersOf(false),
      changedRenders: rendersOf(true),
      fallbacks: after.fallbacks - before.fallbacks,
    }
    // The first absence compiles what the others run.
    if (!warm) samples.push(sample)
    warm = false
  }
  return samples
}
