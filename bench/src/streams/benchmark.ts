import type { Benchmark, Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import { type Stage, withStage } from '../harness/with-page.ts'
import { countMainThread, mainThreadMs } from '../page/main-thread.ts'
import { type ReaderName, UNIT_BYTES } from './format.ts'
import { type StreamHost, streamHost } from './stream-host.ts'

interface Reader {
  readonly name: ReaderName
  readonly packageName: string | null
  readonly note: string
}

const readers: readonly Reader[] = [
  { name: 'rivulet', packageName: '@rivulet/client', note: 'every unit reaches the page' },
  { name: 'rivulet, own worker', packageName: '@rivulet/client', note: 'none does' },
  { name: 'WebSocket on the page', packageName: null, note: 'decodes on the page' },
  { name: 'WebSocket in a worker, copied', packageName: null, note: 'decodes in the worker, posts without transfer' },
]

interface Sample {
  /** Of the page's thread, for each unit. */
  readonly pageMs: number
  /** Until everything had been read, for each unit. */
  readonly wallMs: number
}

function stretch(stage: Stage, host: StreamHost, reader: ReaderName, units: number): Promise<Sample> {
  return stage.onPage(async ({ page, call }) => {
    const { session } = page
    await countMainThread(session)
    await call('startReader', { reader, host: host.url, endpoint: await host.endpoint() })
    const send = await host.reader()
    const play = async (until: number): Promise<void> => {
      const read = call('untilRead', until)
      send(units)
      await read
    }
    // The first stretch compiles and warms; the second counts.
    await play(units)
    const before = await mainThreadMs(session)
    const start = performance.now()
    await play(2 * units)
    const wallMs = (performance.now() - start) / units
    return { pageMs: ((await mainThreadMs(session)) - before) / units, wallMs }
  })
}

async function compare(stage: Stage, host: StreamHost, { short }: RunOptions): Promise<Figure[]> {
  const units = short ? 20 : 500
  const rounds = short ? 1 : 5
  const samples = new Map<Reader, Sample[]>(readers.map((reader) => [reader, []]))
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < readers.length; i++) {
      const reader = readers[(i + round) % readers.length]
      if (reader !== undefined) samples.get(reader)?.push(await stretch(stage, host, reader.name, units))
    }
  }
  const what = `unit of ${UNIT_BYTES / 1024} KiB, as fast as they come`
  return (['pageMs', 'wallMs'] as const).flatMap((account) =>
    Array.from(samples, ([{ name, packageName, note }, all]) => {
      const figures = summary(all.map((sample) => sample[account]))
      const speed = `${(UNIT_BYTES / 1000 / figures.p50).toFixed(0)} MB/s`
      return {
        scenario: account === 'pageMs' ? `page thread per ${what}` : `time per ${what}`,
        contestant: name,
        packageName,
        ours: name.startsWith('rivulet'),
        note: account === 'pageMs' ? note : speed,
        ...figures,
      }
    }),
  )
}

/** What a high-bandwidth stream costs the page's thread, and how fast it is, in a real Chromium over a real data connection. */
export const streams: Benchmark = {
  name: 'streams',
  limit: 'one message event and a transfer for each unit; units that stay in the worker cost the page nothing',
  async run(options) {
    const figures = await withStage(new URL('page.ts', import.meta.url), async (stage) => {
      const host = await streamHost(stage.serving.server)
      try {
        return await compare(stage, host, options)
      } finally {
        await host.close()
      }
    })
    return [{ benchmark: 'streams', title: 'streams, Chromium', unit: 'ms', figures, absent: [] }]
  },
}
