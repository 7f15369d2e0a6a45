import type { FeedEntry, FrameEntry } from '@rivulet/client/inspect'
import type { ClientModel } from '../../client-model.ts'
import { formatBytes, formatCount, formatMs, formatTime } from '../../format-units.ts'
import { gotoLink } from '../../goto.ts'
import { fill, h, messageOf, text } from '../../h.ts'
import { createTail } from '../../tail.ts'
import type { View } from '../../view.ts'
import { createVirtualList } from '../../virtual-list.ts'
import { cellsOf, createSearch } from '../parts/cells.ts'
import { createPreviews, fullText } from '../parts/previews.ts'
import { partsCss } from '../parts/parts.css.ts'
import { createPicked } from '../parts/picked.ts'
import { createCallForm } from './call-form.ts'
import { type CallRow, createCallRows } from './call-rows.ts'
import { callsCss } from './calls.css.ts'
import { createListeners } from './listeners.ts'

const CALL_CELLS = ['time dim', 'state', 'name mono', 'args mono', 'result mono', 'took num']
const EVENT_CELLS = ['time dim', 'event mono', 'key mono', 'args mono', 'took num']
const DRAW_PENDING_MS = 500
/** What came late is drawn with what comes next, unless nothing does: longer than from one update to the next while much passes. */
const LATE_MS = 120

/** Every call from asking to its answer, every event, and the means to make more of both. */
export const callsView: View = { id: 'calls', title: 'RPC & events', css: partsCss + callsCss, mount }

function mount(root: HTMLElement, model: ClientModel): ReturnType<View['mount']> {
  const found = createPicked<CallRow>()
  const calls = createCallRows(model.entries, (row, position) => {
    if (matches(row)) found.add(row, position)
  })
  const events = createPicked<FrameEntry>()
  const readEvents = createTail<FeedEntry>(model.entries, (entry, position) => {
    if (entry.type === 'frame' && (entry.kind === 'event' || entry.kind === 'keyedevent')) events.add(entry, position)
  })
  let wanted = ''
  const matches = ({ name }: CallRow): boolean => wanted === '' || name.toLowerCase().includes(wanted)
  let shown: { readonly call?: CallRow | undefined; readonly event?: FrameEntry | undefined } = {}
  let drawnState = ''
  let turn = 0
  let drawnAt = -Infinity
  let late: ReturnType<typeof setTimeout> | undefined

  const previews = createPreviews(model, () => {
    late ??= setTimeout(() => refresh(), Math.max(0, drawnAt + LATE_MS - performance.now()))
  })
  const list = createVirtualList({
    height: 22,
    label: 'Calls',
    draw(row, index) {
      const call = found.at(index)
      if (call === undefined) return
      const { state, name, sent, answer, error, took, asked } = call
      const at = asked ?? sent?.at ?? 0
      const values = [
        formatTime(at),
        state,
        name,
        sent === undefined ? '' : previews.of(sent),
        error?.what ?? (answer === undefined ? '' : previews.of(answer)),
        took === undefined ? (state === 'sent' ? '' : formatMs(Math.max(0, Date.now() - at))) : formatMs(took),
      ]
      for (const [i, cell] of cellsOf(row, CALL_CELLS).entries()) text(cell, values[i] as string)
      row.dataset['state'] = state
    },
    chosen: (index) => show({ call: found.at(index) }),
  })
  const eventList = createVirtualList({
    height: 22,
    label: 'Events',
    draw(row, index) {
      const entry = events.at(index)
      if (entry === undefined) return
      const name = entry.kind === 'keyedevent' ? `${entry.store}.${entry.name}` : (entry.name ?? '')
      const values = [formatTime(entry.at), name, entry.key ?? '', previews.of(entry), formatBytes(entry.bytes)]
      for (const [i, cell] of cellsOf(row, EVENT_CELLS).entries()) text(cell, values[i] as string)
    },
    chosen: (index) => show({ event: events.at(index) }),
  })
  const form = createCallForm(model)
  const listeners = createListeners(model)
  const facts = h('div', { class: 'rv-facts' })
  const search = createSearch('Search method', (value) => {
    wanted = value
    found.clear()
    calls.rows.forEach((row, position) => {
      if (matches(row)) found.add(row, position)
    })
    refresh()
  })
  const count = h('span', { class: 'dim', role: 'status' })
  const noCalls = h('div', { class: 'empty' })
  const noEvents = h('div', { class: 'empty' }, 'No event has passed yet.')

  const refresh = (): void => {
    clearTimeout(late)
    late = undefined
    drawnAt = performance.now()
    list.update(found.size)
    eventList.update(events.size)
    noCalls.hidden = found.size > 0
    text(noCalls, wanted === '' ? 'No call has passed yet.' : 'No method is called so.')
    noEvents.hidden = events.size > 0
    text(
      count,
      `${formatCount(calls.rows.size)} calls, ${formatCount(calls.pending)} pending, ${formatCount(events.size)} events`,
    )
  }
  const show = (what: typeof shown): void => {
    shown = what
    drawnState = ''
    drawFacts()
  }
  const drawFacts = (): void => {
    const { call, event } = shown
    const state =
      call === undefined
        ? String(event !== undefined)
        : `${call.state} ${call.sent?.seq} ${call.answer?.seq} ${call.took}`
    if (state === drawnState) return
    drawnState = state
    if (call !== undefined) fill(facts, ...callFacts(call))
    else if (event !== undefined) fill(facts, ...eventFacts(event))
    else fill(facts, h('p', { class: 'empty' }, 'Select a call or an event to see all of it.'))
  }
  /** A message's text, which comes when its bytes do. */
  const lazy = (title: string, entry: FrameEntry): HTMLElement => {
    const out = h('pre', { class: 'mono' }, '…')
    fullText(model, entry).then(
      (value) => text(out, value),
      (error: unknown) => text(out, messageOf(error)),
    )
    return h(
      'section',
      {},
      h('h4', {}, `${title} `, gotoLink(`#${entry.seq}`, { view: 'wire', seq: entry.seq }, 'Its bytes in Wire')),
      out,
    )
  }
  const eventFacts = (entry: FrameEntry): readonly HTMLElement[] => [
    h('h3', {}, [entry.store, entry.name, entry.key].filter((part) => part !== undefined).join(' ')),
    lazy('Packet', entry),
  ]
  const callFacts = (row: CallRow): readonly HTMLElement[] => {
    const { name, state, asked, sent, answer, took, error } = row
    const steps: readonly (readonly [string, number | undefined])[] = [
      ['asked', asked],
      ['sent', sent?.at],
      ['answer came', answer?.at],
    ]
    const begin = asked ?? sent?.at ?? 0
    const timing = steps.flatMap(([step, at]) => (at === undefined ? [] : [`${step} ${formatMs(at - begin)}`]))
    if (took !== undefined) timing.push(`${state} ${formatMs(took)}`)
    return [
      h('h3', {}, name),
      h('p', { class: 'dim' }, `${formatTime(begin)} · ${timing.join(' → ')}`),
      ...(error === undefined
        ? []
        : [h('p', { class: 'bad' }, [error.what, error.hint].filter((part) => part !== undefined).join(' '))]),
      ...(sent === undefined ? [h('p', { class: 'dim' }, 'Nothing of it was sent.')] : [lazy('Arguments', sent)]),
      ...(answer === undefined ? [] : [lazy('Response', answer)]),
      h('p', {}, h('button', { onclick: () => void resend(row) }, 'Edit and call again')),
    ]
  }
  const resend = async ({ name, sent }: CallRow): Promise<void> => {
    const mine = ++turn
    let bytes: Uint8Array | null | undefined
    try {
      if (sent !== undefined && sent.bytes > 0) [bytes] = await model.bytes([sent.seq])
    } catch {
      // Without its bytes the form begins with zeros.
      bytes = null
    }
    if (mine === turn) form.fill(name, bytes ?? undefined)
  }

  // The time of pending calls goes on while nothing happens.
  const timer = setInterval(() => {
    if (root.isConnected && calls.pending > 0) refresh()
  }, DRAW_PENDING_MS)

  root.append(
    h(
      'div',
      { class: 'col rv-calls' },
      h('div', { class: 'bar' }, search, count),
      h(
        'div',
        { class: 'split' },
        h(
          'div',
          { class: 'col rv-table' },
          noCalls,
          list.element,
          h('div', { class: 'bar dim' }, 'Events'),
          noEvents,
          eventList.element,
        ),
        h('div', { class: 'rv-call' }, facts, form.element, listeners.element),
      ),
    ),
  )
  const view = {
    update(): void {
      calls.read()
      const gone = found.dropBefore(calls.oldest)
      if (gone > 0) list.drop(gone)
      const goneEvents = events.dropBefore(readEvents())
      if (goneEvents > 0) eventList.drop(goneEvents)
      form.update()
      listeners.update()
      refresh()
      drawFacts()
    },
    destroy(): void {
      clearInterval(timer)
      clearTimeout(late)
      turn++
      previews.destroy()
      listeners.destroy()
      list.destroy()
      eventList.destroy()
    },
  }
  view.update()
  return view
}
