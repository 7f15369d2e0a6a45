import type { FeedStore, ProbeOrigin, ProbeSubscriber } from '@rivulet/client/inspect'
import type { Path, StoreDef } from '@rivulet/wire'
import { attributedPath } from '../../attributed-path.ts'
import { formatCount, formatTime } from '../../format-units.ts'
import { formatLeaf, formatPath, hexOf } from '../../format-value.ts'
import { formatType } from '../../format-type.ts'
import { gotoLink } from '../../goto.ts'
import { h } from '../../h.ts'
import { pairs } from '../../pairs.ts'
import type { TreeRow } from '../../tree.ts'
import type { LastChange } from './last-change.ts'
import { isWithin, pathKey } from './local-edits.ts'

/** What is known about the selected place. */
export interface Details {
  readonly def: StoreDef
  readonly row: TreeRow
  readonly store: FeedStore | undefined
  readonly subscribers: readonly ProbeSubscriber[]
  /** This page's seat. */
  readonly you: number | undefined
  readonly change: LastChange | undefined
  readonly edited: boolean
}

/** Bytes and texts are shown so far. */
const MAX_SHOWN = 4096
const MAX_LISTED = 50

/** The sections about a place: value, who wants it, when it changed. */
export function describePlace(details: Details): readonly (Node | false)[] {
  const { def, row, change, edited } = details
  return [
    h('h3', { class: 'rv-h' }, 'Place'),
    pairs([
      ['Path', h('span', { class: 'mono' }, row.path.length === 0 ? `${def.name}, as a whole` : formatPath(row.path))],
      ['Type', formatType(row.node)],
      ...(row.open.dynamic ? ([['Holds', formatType(row.open.node)]] as const) : []),
      ...(edited ? ([['Shown', h('span', { class: 'warn' }, '✎ a local value, the host has another')]] as const) : []),
      [
        'Changed',
        change === undefined
          ? h('span', { class: 'dim' }, 'not that this panel saw')
          : h(
              'span',
              {},
              `${formatTime(change.at)} by `,
              gotoLink(`${change.full ? 'full state' : 'delta'} #${change.seq}`, {
                view: 'wire',
                seq: change.seq,
                path: attributedPath(def, row.path),
              }),
            ),
      ],
    ]),
    valueOf(row),
    ...onTheWire(details),
    ...listeners(details),
  ]
}

/** Long values, which the tree cuts off. */
function valueOf(row: TreeRow): HTMLElement | false {
  const { node, value } = row.open
  if (typeof value === 'string' && node.kind === 'string' && value.length > 60)
    return h('pre', { class: 'mono rv-long' }, value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value)
  if (node.kind === 'bytes' && value !== null) return h('pre', { class: 'mono rv-long' }, hexLines(value as Uint8Array))
  return node.kind === 'time' && value !== null && h('pre', { class: 'mono rv-long' }, formatLeaf(node, value))
}

function hexLines(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let i = 0; i < bytes.length && i < MAX_SHOWN; i += 16)
    lines.push(`${i.toString(16).padStart(6, '0')}  ${hexOf(bytes.subarray(i, i + 16), 16, ' ')}`)
  if (bytes.length > MAX_SHOWN) lines.push(`… ${formatCount(bytes.length - MAX_SHOWN)} more bytes`)
  return lines.join('\n')
}

function onTheWire({ store, row, you }: Details): readonly HTMLElement[] {
  const { path } = row
  const meets = (other: Path): boolean => isWithin(path, other) || isWithin(other, path)
  const keys = store?.keys.filter((key) => meets(key.path)) ?? []
  const watches = store?.watches.filter((watch) => meets(watch.path)) ?? []
  const state = ({ sent, live }: (typeof keys)[number]): HTMLElement =>
    live ? h('span', { class: 'good' }, 'live') : h('span', { class: 'warn' }, sent ? 'no state yet' : 'not sent')
  return [
    h('h3', { class: 'rv-h' }, 'Asked of the host'),
    list(keys, 'Nothing: no state of this place arrives.', (key) => [
      h('span', { class: 'mono' }, key.wire === '' ? '(the whole store)' : key.wire),
      ' ',
      state(key),
    ]),
    h('h3', { class: 'rv-h' }, 'Followed by pages'),
    list(watches, 'No page follows this.', ({ page, path: watched, list: isList }) => [
      `page ${page}${page === you ? ' (this one)' : ''} `,
      h('span', { class: 'mono dim' }, watched.length === 0 ? 'the whole store' : formatPath(watched)),
      isList && ' as a list',
    ]),
  ]
}

function listeners({ subscribers, row }: Details): readonly HTMLElement[] {
  const here = pathKey(row.path)
  // Who listens to something above hears of this place, too; who listens below does not care for the rest of it.
  const found = subscribers.filter(({ path }) => isWithin(row.path, path))
  return [
    h('h3', { class: 'rv-h' }, 'Listening on this page'),
    list(found, 'Nobody.', ({ path, status, origins }) => [
      pathKey(path) === here
        ? 'here'
        : h('span', { class: 'mono dim' }, path.length === 0 ? 'the whole store' : formatPath(path)),
      h('span', { class: status === 'live' ? 'good' : 'warn' }, ` ${status}`),
      ...grouped(origins).map(([origin, count]) => originLine(origin, count)),
    ]),
  ]
}

/** Listeners by who they are, each once. */
function grouped(origins: ProbeSubscriber['origins']): readonly (readonly [ProbeOrigin | null, number])[] {
  const counts = new Map<string, [ProbeOrigin | null, number]>()
  for (const origin of origins) {
    const key = origin === null ? '' : `${origin.name} ${origin.source ?? ''} ${origin.hook ?? ''}`
    const known = counts.get(key)
    if (known === undefined) counts.set(key, [origin, 1])
    else known[1]++
  }
  return [...counts.values()]
}

function originLine(origin: ProbeOrigin | null, count: number): HTMLElement {
  const times = count > 1 ? ` × ${formatCount(count)}` : ''
  if (origin === null) return h('div', { class: 'rv-origin dim' }, `a listener without a name${times}`)
  return h(
    'div',
    { class: 'rv-origin', title: origin.source ?? null },
    h('b', {}, origin.hook === undefined ? origin.name : `<${origin.name}>`),
    times,
    h('span', { class: 'dim' }, ` ${[origin.hook, `ran ${formatCount(origin.runs)} ×`].filter(Boolean).join(', ')}`),
  )
}

function list<T>(
  items: readonly T[],
  none: string,
  draw: (item: T) => readonly (Node | string | false)[],
): HTMLElement {
  if (items.length === 0) return h('div', { class: 'dim' }, none)
  const more = items.length - MAX_LISTED
  return h(
    'ul',
    { class: 'rv-ul' },
    ...items.slice(0, MAX_LISTED).map((item) => h('li', {}, ...draw(item))),
    more > 0 && h('li', { class: 'dim' }, `and ${formatCount(more)} more`),
  )
}
