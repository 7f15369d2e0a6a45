/**
 * How long to wait after `failures` further failures (0 = the first): full jitter over a range that doubles from `min` up to `max`. Jitter keeps thousands of clients from coming back in the same
 * instant after a host restarts (pitfall 78); the floor keeps one client from hammering.
 */
export function backoff(failures: number, min: number, max: number, random: number): number {
  const ceiling = Math.min(max, min * 2 ** Math.min(Math.max(0, failures) + 1, 30))
  return min + random * Math.max(0, ceiling - min)
}
