import type { Benchmark } from './harness/result.ts'

/** All benchmarks by name, loaded when asked for: a peer that cannot be loaded must not stop the others. */
export const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  decode: async () => (await import('./decode/benchmark.ts')).decode,
  react: async () => (await import('./react/benchmark.ts')).react,
  size: async () => (await import('./size/benchmark.ts')).size,
  codegen: async () => (await import('./codegen/benchmark.ts')).codegen,
  page: async () => (await import('./page/benchmark.ts')).page,
  arrival: async () => (await import('./page/arrival-benchmark.ts')).arrival,
  fanout: async () => (await import('./fanout/benchmark.ts')).fanout,
  rpc: async () => (await import('./rpc/benchmark.ts')).rpc,
  resume: async () => (await import('./resume/benchmark.ts')).resume,
  tabs: async () => (await import('./tabs/benchmark.ts')).tabs,
  cold: async () => (await import('./cold/benchmark.ts')).cold,
  streams: async () => (await import('./streams/benchmark.ts')).streams,
  inp: async () => (await import('./inp/benchmark.ts')).inp,
  keyed: async () => (await import('./keyed/benchmark.ts')).keyed,
  reconnect: async () => (await import('./reconnect/benchmark.ts')).reconnect,
  'first-value': async () => (await import('./first-value/benchmark.ts')).firstValue,
  memory: async () => (await import('./memory/benchmark.ts')).memory,
  devtools: async () => (await import('./devtools/benchmark.ts')).devtools,
}

/** What CI runs: one benchmark in Node and a page, one of bytes, one of a whole application. It fails on errors, never on time; short runs of all the others are tests. */
export const smoke: readonly string[] = ['decode', 'keyed', 'first-value']
