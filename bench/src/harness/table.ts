import type { Figure, Result, Unit } from './result.ts'
import { versionOf } from './versions.ts'

const digits = 3

function amount(value: number, unit: Unit): string {
  if (unit === 'bytes') return value < 1000 ? `${value.toFixed(0)} B` : `${(value / 1000).toFixed(2)} kB`
  if (value === 0) return '0 ms'
  if (value < 0.001) return `${(value * 1e6).toPrecision(digits)} ns`
  if (value < 1) return `${(value * 1000).toPrecision(digits)} µs`
  return `${value < 1000 ? value.toPrecision(digits) : value.toFixed(0)} ms`
}

/** `×2.1` = 2.1 times ours; the reader never has to divide. */
function ratio(value: number | undefined, ours: number | undefined): string {
  if (value === undefined || ours === undefined || ours === 0) return ''
  const r = value / ours
  return `×${r >= 100 ? r.toFixed(0) : r.toPrecision(digits)}`
}

function named({ contestant, packageName }: Figure): string {
  return packageName === null ? contestant : `${contestant} ${versionOf(packageName)}`
}

function lines(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === row.length - 1
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

function scenario(figures: readonly Figure[], { unit, column = 'min + gzip' }: Result): string[] {
  // The first of ours is the one the others are compared with.
  const base = figures.find(({ ours }) => ours)
  const timed = unit === 'ms'
  const tailed = timed && figures.some(({ p99 }) => p99 !== undefined)
  const sized = figures.some(({ bytes }) => bytes !== undefined)
  const parted = figures.some(({ parts }) => parts !== undefined)
  const header = [
    '',
    'p50',
    ...(timed ? ['p95'] : []),
    ...(tailed ? ['p99'] : []),
    ...(parted ? ['p50 each'] : []),
    'ours = 1',
    ...(sized ? ['bytes', 'ours = 1'] : []),
    '',
  ]
  const rows = figures
    .toSorted((a, b) => a.p50 - b.p50)
    .map((figure) => [
      `${figure.ours ? '▸' : ' '} ${named(figure)}`,
      amount(figure.p50, unit),
      ...(timed ? [amount(figure.p95, unit)] : []),
      ...(tailed ? [figure.p99 === undefined ? '' : amount(figure.p99, unit)] : []),
      ...(parted ? [figure.parts === undefined ? '' : amount(figure.p50 / figure.parts, unit)] : []),
      ratio(figure.p50, base?.p50),
      ...(sized
        ? [figure.bytes === undefined ? '' : amount(figure.bytes, 'bytes'), ratio(figure.bytes, base?.bytes)]
        : []),
      figure.note ?? '',
    ])
  return lines([header.map((cell) => (cell === 'p50' && !timed ? column : cell)), ...rows])
}

/** A result as text: a table per scenario, fastest first, then who could not take part. */
export function table(result: Result): string {
  const byScenario = Map.groupBy(result.figures, (figure) => figure.scenario)
  const parts = [...byScenario].flatMap(([name, figures]) => ['', name, ...scenario(figures, result)])
  const absent = result.absent.map(({ contestant, reason }) => `  ${contestant}: not available (${reason})`)
  return [result.title, ...parts, ...(absent.length > 0 ? ['', ...absent] : [])].join('\n')
}
