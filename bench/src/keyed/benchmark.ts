import { startChild } from '../harness/child.ts'
import type { Benchmark, Figure, RunOptions } from '../harness/result.ts'
import { type Relay, startRelay } from '../harness/relay.ts'
import { contestants, type Contestant } from './contestants.ts'
import { type Setting, watchedIds } from './setting.ts'

/** Bytes at the viewer's socket for each of some ticks, everything counted that is not TCP. */
async function bytesPerTick(contestant: Contestant, setting: Setting, ticks: number): Promise<number> {
  const host = startChild(new URL('host-process.ts', import.meta.url), [contestant.name])
  let relay: Relay | undefined
  try {
    relay = await startRelay(await host.ask<number>('start', { name: contestant.name, setting }))
    const viewer = await contestant.join(relay.port, watchedIds(setting))
    let heard = 0
    // One that says hello or fills a dictionary says it now.
    await host.ask('tick', 0)
    await viewer.reach((heard += contestant.messages(setting)))
    const before = relay.bytesDown()
    for (let tick = 1; tick <= ticks; tick++) {
      await host.ask('tick', tick)
      await viewer.reach((heard += contestant.messages(setting)))
    }
    const bytes = relay.bytesDown() - before
    viewer.close()
    return bytes / ticks
  } catch (error) {
    throw new Error(`${contestant.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    await relay?.close()
    await host.close()
  }
}

/** What a page pays for looking at ten fields of a thousand that all change. */
export const keyed: Benchmark = {
  name: 'keyed',
  limit: 'the entropy of the ten numbers, 40 bytes of float32, and the header of a frame',
  async run({ short }: RunOptions) {
    const setting: Setting = { rows: short ? 100 : 1000, watched: 10 }
    const count = (n: number): string => n.toLocaleString('en-US')
    const scenario = `bytes at the socket a tick, x of ${setting.watched} of ${count(setting.rows)} rows followed, x of all of them changes`
    const all: [Contestant, number][] = []
    for (const one of contestants) all.push([one, await bytesPerTick(one, setting, short ? 4 : 100)])
    const whole = new Map(all.map(([{ name }, bytes]) => [name, bytes]))
    const figures = all.map(([{ name, packageName, ours, note, wholeOf }, bytes]): Figure => {
      const of = wholeOf === undefined ? undefined : whole.get(wholeOf)
      const share = of === undefined ? '' : `${((100 * bytes) / of).toFixed(1)} % of ${wholeOf}; `
      return {
        scenario,
        contestant: name,
        packageName,
        ours,
        p50: bytes,
        p95: bytes,
        samples: 1,
        note: `${share}${note}`,
      }
    })
    return [{ benchmark: 'keyed', title: 'keyed', unit: 'bytes', column: 'a tick', figures, absent: [] }]
  },
}
