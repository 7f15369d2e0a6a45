import type { FeedEntry } from '@rivulet/client/inspect'
import type { ClientModel } from '../../client-model.ts'
import { formatBytes, formatCount, formatMs, formatTime } from '../../format-units.ts'
import { goTo } from '../../goto.ts'
import { fill, h, messageOf, text } from '../../h.ts'
import { pairs } from '../../pairs.ts'
import { createTail } from '../../tail.ts'
import { createSplit } from '../../split.ts'
import type { MountedView, View } from '../../view.ts'
import { createVirtualList } from '../../virtual-list.ts'
import { createRoundTrips, describeStretches, sessionLine, STATE_CLASS, stretches } from './session-log.ts'
import { createTimeline } from './timeline.ts'

/** The connection, its history, and how the engine is set up. */
export const sessionView: View = {
  id: 'session',
  title: 'Session',
  mount,
  css: `
.rv-timeline{display:block;width:100%;height:28px}.rv-timeline+div{margin-bottom:6px}
.rv-session-row .rv-kind{flex:0 0 84px}
.rv-session-row .rv-text{overflow:hidden;text-overflow:ellipsis;color:var(--fg)}
`,
}

const RINGS = [0, 1 << 20, 4 << 20, 16 << 20, 64 << 20] as const
/** The sums and the timeline are drawn again at most this often. */
const DRAW_MS = 500

function mount(root: HTMLElement, model: ClientModel): MountedView {
  // A model made of a recording has no log of its own for these: then they are picked from all.
  const log = model.session ?? model.entries
  const lines: FeedEntry[] = []
  const trips = createRoundTrips()
  const readLines = createTail(log, (entry) => {
    if (sessionLine(entry) !== undefined) lines.push(entry)
  })
  const readFrames = createTail(model.entries, (entry) => trips.add(entry))
  let drawnAt = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  let facts = ''

  const timeline = createTimeline()
  const legend = h('div', { class: 'dim' })
  const now = h('div')
  const setup = h('div')
  const problem = h('div', { class: 'bad', role: 'alert' })
  const ring = h('select', { 'aria-label': 'Bytes that the engine keeps', onchange: () => keep(Number(ring.value)) })
  const list = createVirtualList({
    height: 22,
    label: 'History of the connection; Enter shows an entry in the Wire view',
    draw: (row, index) => {
      const entry = lines[index]
      const line = entry === undefined ? undefined : sessionLine(entry)
      if (entry === undefined || line === undefined) return
      row.className = 'rv-row rv-session-row'
      row.title = line.text
      fill(
        row,
        h('span', { class: 'dim mono' }, formatTime(entry.at)),
        h('span', { class: `rv-kind ${line.class}` }, line.kind),
        h('span', { class: 'rv-text' }, line.text),
      )
    },
  })
  const showInWire = (): void => {
    const seq = lines[list.selected]?.seq
    if (seq !== undefined) goTo(list.element, { view: 'wire', seq })
  }
  list.element.addEventListener('dblclick', showInWire)
  list.element.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') showInWire()
  })
  const keep = (bytes: number): void => {
    try {
      model.keep(bytes)
      text(problem, '')
    } catch (error) {
      text(problem, messageOf(error))
    }
  }
  const left = h(
    'div',
    { class: 'rv-scroll', tabIndex: 0, role: 'region', 'aria-label': 'Connection and configuration' },
    h('h3', { class: 'rv-h' }, 'Connection'),
    timeline.element,
    legend,
    now,
    h('h3', { class: 'rv-h' }, 'What the engine keeps'),
    h('label', {}, 'Messages for the Wire and Time travel views: ', ring),
    problem,
    h('h3', { class: 'rv-h' }, 'Configuration'),
    setup,
  )
  root.append(createSplit('session', 'Width of the facts', 0.46, left, list.element))

  const read = (): void => {
    const before = lines.length
    readLines()
    if (lines.length > 1000) lines.splice(0, lines.length - 1000)
    readFrames()
    if (lines.length !== before || log.size === 0) list.update(lines.length)
  }
  const draw = (): void => {
    timer = undefined
    drawnAt = performance.now()
    const states = stretches(lines, Date.now())
    timeline.draw(
      states,
      lines.flatMap((entry) => (entry.type === 'resync' || entry.type === 'error' ? [entry.at] : [])),
    )
    text(legend, describeStretches(states))
    // Drawn again only when something differs, so that text that somebody selected stays selected.
    const next = [
      model.hello,
      model.gone,
      trips.count,
      trips.fastest,
      countOf(lines, 'resync'),
      countOf(lines, 'error'),
    ]
    const key = JSON.stringify(next)
    if (key === facts) return
    facts = key
    fill(now, connectionFacts(model, lines, trips))
    drawRing(ring, model.hello?.ringBytes)
    fill(
      setup,
      model.hello === undefined
        ? h('div', { class: 'dim' }, 'There is no engine now.')
        : configFacts(model.hello.config),
    )
  }
  return {
    update() {
      read()
      timer ??= setTimeout(draw, Math.max(0, drawnAt + DRAW_MS - performance.now()))
    },
    destroy() {
      clearTimeout(timer)
      list.destroy()
    },
  }
}

function countOf(lines: readonly FeedEntry[], type: FeedEntry['type']): number {
  return lines.filter((entry) => entry.type === type).length
}

function connectionFacts(
  model: ClientModel,
  lines: readonly FeedEntry[],
  trips: ReturnType<typeof createRoundTrips>,
): HTMLElement {
  const { hello, info, gone } = model
  const status = hello?.status
  const fastest = trips.fastest
  const facts: [string, Node | string][] = [
    [
      'State',
      status === undefined
        ? h('span', { class: 'bad' }, gone ?? 'attaching')
        : h('span', { class: STATE_CLASS[status.state] ?? 'dim' }, `${status.state} since ${formatTime(status.since)}`),
    ],
  ]
  if (status?.error !== undefined)
    facts.push(['Because', h('span', { class: 'bad' }, `${status.error.what} (${status.error.code})`)])
  if (status !== undefined && status.attempt > 0) facts.push(['Attempts', formatCount(status.attempt)])
  facts.push(['Session', status?.session ?? 'none: every connection starts from nothing'])
  facts.push(['Clock of the host', offsetText(status?.clockOffset)])
  facts.push([
    'Round trip',
    fastest === undefined
      ? h('span', { class: 'dim' }, 'not known before a call was answered')
      : `at most ${formatMs(fastest)}, the fastest of the last ${trips.count} answers`,
  ])
  facts.push(['Resyncs, errors', `${countOf(lines, 'resync')}, ${countOf(lines, 'error')}`])
  if (hello !== undefined) {
    facts.push(['Engine runs since', formatTime(hello.since)])
    facts.push([
      'Pages',
      hello.pages.map((seat) => (seat === hello.you ? `${seat} (this one)` : String(seat))).join(', '),
    ])
  }
  if (info.mode !== undefined) facts.push(['Engine runs in', info.mode])
  if ((model.eras?.length ?? 0) > 1) facts.push(['Engines so far', formatCount(model.eras?.length ?? 1)])
  return pairs(facts)
}

function offsetText(offset: number | null | undefined): string {
  if (offset === undefined || offset === null) return 'not known yet'
  if (Math.abs(offset) < 1) return 'the same as here'
  return `${formatMs(Math.abs(offset))} ${offset > 0 ? 'ahead' : 'behind'}`
}

function ringText(size: number): string {
  if (size === 0) return 'nothing'
  return size % (1 << 20) === 0 ? `${size >> 20} MiB` : formatBytes(size)
}

function drawRing(ring: HTMLSelectElement, bytes: number | undefined): void {
  ring.disabled = bytes === undefined
  const current = bytes ?? 0
  const sizes = [...new Set<number>([...RINGS, current])].toSorted((a, b) => a - b)
  fill(ring, ...sizes.map((size) => h('option', { value: String(size) }, ringText(size))))
  ring.value = String(current)
}

function configFacts(config: NonNullable<ClientModel['hello']>['config']): HTMLElement {
  const { sessions, offline } = config
  return pairs([
    ['Host', h('span', { class: 'mono' }, config.url + config.path)],
    ['Transports', config.transports.join(', ')],
    ['Delivery', config.delivery],
    [
      'Login',
      [config.hasAuth && 'auth payload', config.hasAuthenticate && 'authenticate'].filter(Boolean).join(', ') || 'none',
    ],
    ['Reconnects after', `${formatMs(config.reconnectMinMs)} to ${formatMs(config.reconnectMaxMs)}`],
    [
      'Calls',
      `${formatCount(config.maxCallsInFlight)} in flight, ${formatCount(config.maxCallsQueued)} queued, ${formatMs(config.callTimeoutMs)} each`,
    ],
    ['Kept subscribed', `${formatMs(config.graceMs)} after the last reader`],
    [
      'Viewer sessions',
      sessions === undefined
        ? 'off'
        : `on, ${formatMs(sessions.attachTimeoutMs)} to attach${sessions.trustResume ? ', the host is believed' : ''}`,
    ],
    [
      'Offline',
      offline === undefined
        ? 'nothing is kept'
        : `${offline.stores.join(', ')}, up to ${formatBytes(offline.maxBytes)} each`,
    ],
  ])
}
