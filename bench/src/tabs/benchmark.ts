import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Benchmark, Figure, Result, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import type { QuietPage } from '../harness/quiet-page.ts'
import { callOn, type Stage, withStage } from '../harness/with-page.ts'
import { storeNames } from '../page/formats.ts'
import { makeStream, type Stream } from '../page/recordings.ts'
import { type ReplayHost, replayHost } from '../page/replay-host.ts'
import type { Viewer } from '../page/viewer.ts'
import { colyseusPage } from '../page/viewers/colyseus-page.ts'
import { rivuletLeader, rivuletShared, rivuletWorker } from '../page/viewers/rivulet.ts'
import { browserLoad } from './browser-load.ts'

const perSecond = 60

interface Contestant {
  readonly viewer: Viewer
  readonly tabs: number
  /** Somebody looks at every tab, as with a window for each; or at the first one, behind which the others are hidden. */
  readonly seen: 'all' | 'first'
}

interface Sample {
  readonly sockets: number
  /** Sent by the host in the stretch. */
  readonly bytes: number
  /** Of all the browser's processes, per second of the stream. */
  readonly cpuMs: number
  readonly memory: number | null
}

/** The connections that browsers hold to `server`, and what went out on them. */
function watchTraffic(server: Server): { readonly sockets: () => number; readonly bytes: () => number } {
  const open = new Set<Socket>()
  let upgraded = 0
  let before = 0
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => {
      before += socket.bytesWritten
      open.delete(socket)
    })
  })
  server.on('upgrade', (_request, socket: Socket) => {
    upgraded++
    socket.on('close', () => upgraded--)
  })
  return {
    sockets: () => upgraded,
    bytes: () => [...open].reduce((sum, { bytesWritten }) => sum + bytesWritten, before),
  }
}

interface Setting {
  readonly stage: Stage
  readonly host: ReplayHost
  readonly traffic: ReturnType<typeof watchTraffic>
  readonly stream: Stream
  readonly deltas: number
}

async function stretch(
  { stage, host, traffic, stream, deltas }: Setting,
  { viewer, tabs, seen }: Contestant,
): Promise<Sample> {
  const { browser, serving, newContext } = stage
  // One profile: tabs of one user.
  const context = await newContext()
  const session = await browser.newBrowserCDPSession()
  try {
    const opened: QuietPage[] = []
    const pages: ((name: string, argument: unknown) => Promise<unknown>)[] = []
    for (let i = 0; i < tabs; i++) {
      const page = await context.newPage(seen === 'all' ? 'always' : 'in its window')
      opened.push(page)
      const call = (name: string, argument: unknown): Promise<unknown> => callOn(page, name, argument)
      await page.goto(serving.url)
      await call('startViewer', { name: viewer.name, subject: 'world', draw: true })
      await call('untilShown', stream.atFirst)
      pages.push(call)
    }
    if (seen === 'first') await opened[0]?.show()
    const play = async (ending: number): Promise<void> => {
      const arrived = pages.map((call) => call('untilShown', stream.atEnd[ending]))
      await Promise.all([
        host.play(storeNames[viewer.format ?? 'rivulet'].world, deltas, perSecond, ending),
        ...arrived,
      ])
    }
    // The first stretch compiles and warms; the second counts.
    await play(0)
    const sent = traffic.bytes()
    const before = await browserLoad(session)
    await play(1)
    const after = await browserLoad(session)
    return {
      sockets: traffic.sockets(),
      bytes: traffic.bytes() - sent,
      cpuMs: ((after.cpuMs - before.cpuMs) * perSecond) / deltas,
      memory: after.memory,
    }
  } finally {
    await session.detach()
    await context.close()
  }
}

const several = [rivuletShared, rivuletLeader, rivuletWorker, colyseusPage]

const contestants: readonly Contestant[] = [
  ...several.map((viewer): Contestant => ({ viewer, tabs: 5, seen: 'all' })),
  ...several.map((viewer): Contestant => ({ viewer, tabs: 5, seen: 'first' })),
  // One tab is the same either way.
  ...[rivuletShared, rivuletWorker, colyseusPage].map((viewer): Contestant => ({ viewer, tabs: 1, seen: 'all' })),
]

async function compare(setting: Setting, entities: number, { short }: RunOptions): Promise<Result[]> {
  const rounds = short ? 1 : 5
  const samples = new Map<Contestant, Sample[]>(contestants.map((one) => [one, []]))
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contestants.length; i++) {
      const contestant = contestants[(i + round) % contestants.length]
      if (contestant !== undefined) samples.get(contestant)?.push(await stretch(setting, contestant))
    }
  }
  const figuresFor = (
    scenario: string,
    seen: Contestant['seen'],
    figureOf: (sample: Sample) => number | null,
    noteOf: (sample: Sample) => string,
  ): Figure[] =>
    contestants.flatMap((contestant) => {
      if (contestant.tabs > 1 && contestant.seen !== seen) return []
      const { viewer, tabs } = contestant
      const all = samples.get(contestant) ?? []
      const values = all.map(figureOf).filter((value) => value !== null)
      const [first] = all
      if (values.length === 0 || first === undefined) return []
      return [
        {
          scenario,
          contestant: `${viewer.name}, ${tabs} ${tabs === 1 ? 'tab' : 'tabs'}`,
          packageName: viewer.packageName,
          ours: viewer.ours,
          note: noteOf(first),
          ...summary(values),
        },
      ]
    })
  const what = `${entities.toLocaleString('en-US')} entities, ${perSecond} deltas/s, 10 rows watched and drawn in each tab`
  const table = (
    scenario: string,
    figureOf: (sample: Sample) => number | null,
    noteOf: (sample: Sample) => string,
  ): Figure[] => [
    ...figuresFor(`${scenario}: ${what}, all tabs seen`, 'all', figureOf, noteOf),
    ...figuresFor(`${scenario}: ${what}, one tab seen and the others behind it`, 'first', figureOf, noteOf),
  ]
  const sockets = ({ sockets: n }: Sample): string => `${n} ${n === 1 ? 'connection' : 'connections'}`
  const memory = table(
    'memory of the browser',
    (sample) => sample.memory,
    () => 'proportional set size',
  )
  return [
    {
      benchmark: 'tabs',
      title: 'tabs, Chromium: processor time',
      unit: 'ms',
      figures: table('all processes of the browser, per second', (sample) => sample.cpuMs, sockets),
      absent: [],
    },
    {
      benchmark: 'tabs',
      title: 'tabs, Chromium: bytes and memory',
      unit: 'bytes',
      column: 'size',
      figures: [...table(`sent by the host in ${setting.deltas} deltas`, (sample) => sample.bytes, sockets), ...memory],
      absent: [],
    },
  ]
}

/** What several tabs of one app cost: connections, bytes, processor time and memory of the whole browser, in a real Chromium over real connections. */
export const tabs: Benchmark = {
  name: 'tabs',
  async run(options) {
    return withStage(new URL('../page/page.ts', import.meta.url), async (stage) => {
      const host = replayHost(stage.serving.server)
      const traffic = watchTraffic(stage.serving.server)
      const entities = options.short ? 100 : 1000
      const stream = makeStream(entities, entities)
      host.load(stream.recordings)
      try {
        return await compare({ stage, host, traffic, stream, deltas: options.short ? 5 : 180 }, entities, options)
      } finally {
        await host.close()
      }
    })
  },
}
