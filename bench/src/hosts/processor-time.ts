/** Processor time that this process has used so far, all threads, in milliseconds. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Collects everything, so that nobody pays for the garbage of the stretch before. Benchmarks start Node with `--expose-gc`. */
export function collectGarbage(): void {
  ;(globalThis as { gc?: () => void }).gc?.()
}
