/**
 * Bytes as people read them, in steps of 1,000 with three digits at most.
 *
 * @example
 * formatBytes(25_300) // '25.3 kB'
 */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  // What would be rounded to 1,000 of a unit is 1 of the next.
  while (Math.abs(value) >= (unit === 0 ? 1000 : 999.5) && unit < BYTES.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : digits(value)} ${BYTES[unit]}`
}

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/**
 * A span of milliseconds.
 *
 * @example
 * formatMs(0.0421) // '0.042 ms'
 * formatMs(61_000) // '1 m 01 s'
 */
export function formatMs(ms: number): string {
  const size = Math.abs(ms)
  if (size < 0.0005) return '0 ms'
  if (size < 1) return `${Number(ms.toFixed(3))} ms`
  if (size < 999.5) return `${digits(ms)} ms`
  if (size < 59_995) return `${digits(ms / 1000)} s`
  const seconds = Math.round(size / 1000)
  const sign = ms < 0 ? '−' : ''
  if (seconds < 3600) return `${sign}${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  return `${sign}${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`
}

/**
 * A number of things, with separators.
 *
 * @example
 * formatCount(12_345) // '12,345'
 */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 })
}

/**
 * A moment, Unix milliseconds, as the time of day here.
 *
 * @example
 * formatTime(Date.now()) // '14:03:59.120'
 */
export function formatTime(at: number): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return 'not a time'
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':')
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** Three digits that count; zeros at the end are left out. */
function digits(value: number): string {
  const size = Math.abs(value)
  return String(Number(value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)))
}

function pad(n: number): string {
  return String(n).padStart(2, '0')
}
