import { formatCount } from '../../format-units.ts'
import type { ComponentStats, RenderStats } from './render-stats.ts'

/** A column of the table of components. */
export interface Column {
  readonly title: string
  readonly class: string
  readonly text: (row: ComponentStats) => string
  /** By what it is sorted: texts from A, numbers from the largest. */
  readonly order: (row: ComponentStats) => number | string
}

/** The columns, in order. */
export function columnsOf(stats: RenderStats): readonly Column[] {
  const word = (title: string, name: string, of: (row: ComponentStats) => string, order = of): Column => ({
    title,
    class: name,
    text: of,
    order,
  })
  const number = (title: string, order: (row: ComponentStats) => number): Column => ({
    title,
    class: 'n num',
    text: (row) => formatCount(order(row)),
    order,
  })
  return [
    word('Component', 'name', ({ name }) => name),
    word(
      'Source',
      'source dim',
      ({ source }) => source.slice(source.lastIndexOf('/') + 1),
      ({ source }) => source,
    ),
    word('Hook', 'hook', ({ hook }) => hook),
    word('Follows', 'path mono', ({ paths }) => pathsText(paths)),
    number('Renders', ({ told, other }) => told + other),
    number('patches', ({ told }) => told),
    number('others', ({ other }) => other),
    { ...number('≈ time', ({ ms }) => ms), text: ({ ms }) => share(ms, stats.ms) },
  ]
}

function pathsText(paths: ReadonlySet<string>): string {
  const [first = ''] = paths
  return paths.size > 1 ? `${first} (+${paths.size - 1})` : first
}

/** A part of all in percent. */
export function share(ms: number, of: number): string {
  return of === 0 ? '–' : `${Math.round((100 * ms) / of)} %`
}

/** So many of something. */
export function plural(count: number, name: string): string {
  return `${formatCount(count)} ${name}${count === 1 ? '' : 's'}`
}
