import type { Benchmark, Figure } from '../harness/result.ts'
import { bundleSize } from './bundle-size.ts'
import { bundles, type SizedBundle } from './bundles.ts'

async function weigh(bundle: SizedBundle): Promise<Figure> {
  const { scenario, contestant, packageName, ours, note } = bundle
  const bytes = await bundleSize(bundle)
  const text = note === undefined ? {} : { note }
  return { scenario, contestant, packageName, ours, ...text, p50: bytes, p95: bytes, samples: 1 }
}

/** Bytes a browser fetches: Rolldown, minified, gzip, React left out everywhere. */
export const size: Benchmark = {
  name: 'size',
  limit: 'what the wire, the socket and the store need at least; a library that has no network has no such limit',
  async run() {
    const figures: Figure[] = []
    for (const bundle of bundles) figures.push(await weigh(bundle))
    return [{ benchmark: 'size', title: 'size, min + gzip', unit: 'bytes', figures, absent: [] }]
  },
}
