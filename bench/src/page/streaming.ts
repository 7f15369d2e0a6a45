import type { Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import type { Stage } from '../harness/with-page.ts'
import { storeNames } from './formats.ts'
import { countMainThread, mainThreadMs } from './main-thread.ts'
import { makeStream, type Stream } from './recordings.ts'
import type { ReplayHost } from './replay-host.ts'
import type { Viewer } from './viewer.ts'

const perSecond = 60

interface Setting {
  readonly stage: Stage
  readonly host: ReplayHost
  readonly stream: Stream
  /** How many deltas a stretch has. */
  readonly deltas: number
  /** Whether what is shown is also put on the page. */
  readonly draw: boolean
  /** How many times slower the page's thread is made. */
  readonly slowdown: number
}

/** Milliseconds per delta in one stretch of streaming. */
function stretch({ stage, host, stream, deltas, draw, slowdown }: Setting, viewer: Viewer): Promise<number> {
  return stage.onPage(async ({ page, call }) => {
    const { session } = page
    await countMainThread(session)
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    await call('startViewer', { name: viewer.name, subject: 'world', draw })
    if (viewer.format !== null) await call('untilShown', stream.atFirst)
    const play = async (ending: number): Promise<void> => {
      const arrived = viewer.format === null ? null : call('untilShown', stream.atEnd[ending])
      await Promise.all([host.play(storeNames[viewer.format ?? 'rivulet'].world, deltas, perSecond, ending), arrived])
    }
    // The first stretch compiles and warms; the second counts.
    await play(0)
    const before = await mainThreadMs(session)
    await play(1)
    return ((await mainThreadMs(session)) - before) / deltas
  })
}

async function compare(
  setting: Setting,
  viewers: readonly Viewer[],
  rounds: number,
  scenario: string,
): Promise<Figure[]> {
  const samples = new Map<Viewer, number[]>(viewers.map((viewer) => [viewer, []]))
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < viewers.length; i++) {
      const viewer = viewers[(i + round) % viewers.length]
      if (viewer !== undefined) samples.get(viewer)?.push(await stretch(setting, viewer))
    }
  }
  return viewers.map((viewer) => {
    const { name, packageName, ours, note, format } = viewer
    const recording = setting.stream.recordings.find(
      ({ storeName }) => format !== null && storeName === storeNames[format].world,
    )
    const bytes = recording === undefined ? {} : { bytes: recording.deltas[0]?.length ?? 0 }
    return { scenario, contestant: name, packageName, ours, note, ...summary(samples.get(viewer) ?? []), ...bytes }
  })
}

/** Main-thread time per delta at a steady stream, ten rows watched: once only handed to the code that wants them, once put on the page. */
export async function streaming(
  stage: Stage,
  host: ReplayHost,
  viewers: readonly Viewer[],
  { short }: RunOptions,
): Promise<Figure[]> {
  const entities = short ? 100 : 1000
  const stream = makeStream(entities, entities)
  host.load(stream.recordings)
  const setting = { stage, host, stream, deltas: short ? 5 : 120, slowdown: 1 }
  const rounds = short ? 1 : 5
  const what = `page thread per delta of ${entities.toLocaleString('en-US')} entities, 10 rows watched`
  const rate = `${perSecond} deltas/s`
  const handed = await compare({ ...setting, draw: false }, viewers, rounds, `${what}, ${rate}`)
  const drawn = await compare({ ...setting, draw: true }, viewers, rounds, `${what} and drawn, ${rate}`)
  const slow = short
    ? []
    : await compare(
        { ...setting, draw: true, slowdown: 4 },
        viewers,
        rounds,
        `${what} and drawn, ${rate}, 4× CPU throttle of the page thread`,
      )
  return [...handed, ...drawn, ...slow]
}
