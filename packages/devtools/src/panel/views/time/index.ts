import type { Difference } from '../../../recording/diff-moments.ts'
import { type Recording, takeRecording } from '../../../recording/recording.ts'
import type { ClientModel } from '../../client-model.ts'
import { formatCount, formatTime } from '../../format-units.ts'
import { h, text } from '../../h.ts'
import { treeCss } from '../../tree.ts'
import type { MountedView, View } from '../../view.ts'
import { createDifferenceList } from './differences.ts'
import { createMomentList } from './moment-list.ts'
import { lastUpTo, type Moment, momentsOf } from './moments.ts'
import { pastOf } from './past.ts'
import { createPlayer } from './player.ts'
import { recordingOf } from './recording-of.ts'
import { createStatePane } from './state-pane.ts'
import { createStrip } from './strip.ts'
import { timeCss } from './time.css.ts'
import { createTransfer, type Files } from './transfer.ts'
import { emptyText, newerThan } from './words.ts'

/** The detail of the `rv-open` event with which an imported recording is offered to the panel; whoever shows the model prevents the default. */
export interface OpenDetail {
  readonly model: ClientModel
}

/** The past of every store: step, jump, play, compare, show it in the app, take it away as a file or as a test; `files` loads what those two need. */
export function createTimeView(files: () => Promise<Files>): View {
  return {
    id: 'time',
    title: 'Time travel',
    css: treeCss + timeCss,
    mount: (root, model) => mount(root, model, files),
  }
}

const SPEEDS = [1, 4, 16, 0.25] as const

function mount(root: HTMLElement, model: ClientModel, files: () => Promise<Files>): MountedView {
  const past = pastOf(model)
  let source = recordingOf(model)
  let recording: Recording | undefined = source
  let moments: readonly Moment[] = []
  let index = -1
  let marked: Moment | undefined
  let comparing = false
  let store = ''
  let asked = 0
  let ended = false

  const now = (): Moment | undefined => moments[index]
  const fail = (error: unknown): void => {
    fault.hidden = false
    text(faultText, error instanceof Error ? error.message : String(error))
  }
  /** For what takes its time: what it fails with is shown, unless the view has gone. */
  const attempt = (promise: Promise<unknown>): void => {
    promise.then(
      () => view.update(),
      (error: unknown) => ended || fail(error),
    )
  }

  async function take(): Promise<void> {
    const turn = ++asked
    const ring = await model.ring()
    if (ended || turn !== asked) return
    const defs = {
      stores: [...model.stores.values()],
      requests: [...model.requests.values()],
      events: [...model.events.values()],
    }
    const { url, page } = model.info
    const since = model.hello?.since
    source = takeRecording(ring, defs, { url, page, taken: Date.now(), ...(since === undefined ? {} : { since }) })
    open(source)
  }

  function open(next: Recording): void {
    player.stop()
    recording = next
    marked = undefined
    comparing = false
    const stores = [...new Set(momentsOf(next).flatMap((moment) => moment.store ?? []))].toSorted()
    if (!stores.includes(store)) store = ''
    filter.replaceChildren(
      ...['', ...stores.slice(0, 500)].map((name) =>
        h('option', { value: name, selected: name === store }, name || 'every store'),
      ),
    )
    lay()
  }

  /** The moments of the chosen stores, and the newest of them. */
  function lay(): void {
    const at = now()?.seq
    moments = recording === undefined ? [] : momentsOf(recording, store)
    scrub.max = String(Math.max(0, moments.length - 1))
    strip.show(moments)
    list.show(moments)
    fault.hidden = true
    go(at === undefined ? moments.length - 1 : lastUpTo(moments, 'seq', at))
  }

  function go(to: number): void {
    index = Math.max(Math.min(0, moments.length - 1), Math.min(moments.length - 1, to))
    list.select(index)
    draw()
    if (past.seq !== undefined) showInApp()
  }

  function draw(): void {
    const moment = now()
    scrub.value = String(Math.max(0, index))
    const place = moment === undefined ? 'nothing' : `message ${moment.seq}, ${formatTime(moment.at)}`
    scrub.ariaValueText = place
    text(where, moment === undefined ? '' : `${formatCount(index + 1)} of ${formatCount(moments.length)} · ${place}`)
    strip.draw(moment?.at, marked?.at)
    for (const button of [first, back, next, last, play]) button.disabled = moments.length === 0
    first.disabled = back.disabled = index <= 0
    next.disabled = last.disabled = play.disabled = index >= moments.length - 1
    mark.disabled = moment === undefined
    compare.hidden = marked === undefined
    compare.ariaPressed = String(comparing)
    text(compare, marked === undefined ? 'Compare' : `Compare with ${marked.seq}`)
    state.element.hidden = comparing || moment === undefined
    differences.element.hidden = !comparing
    empty.hidden = moment !== undefined
    if (recording === undefined || moment === undefined) return
    if (comparing && marked !== undefined) {
      try {
        differences.show(recording, marked.seq, moment.seq, store)
      } catch (e) {
        fail(e)
      }
      return
    }
    // A reconnect changes no store: the one that was looked at stays.
    shownStore = moment.store ?? (shownStore || (recording.defs.stores[0]?.name ?? ''))
    if (shownStore !== '') state.show(recording, shownStore, moment.seq)
  }
  let shownStore = ''

  function showInApp(): void {
    const moment = now()
    if (recording === undefined || moment === undefined) return
    attempt(past.show(recording, moment.seq))
    view.update()
  }

  const button = (label: string, title: string, act: () => void): HTMLButtonElement =>
    h('button', { title, 'aria-label': title, onclick: act }, label)
  const first = button('|◀', 'First moment', () => go(0))
  const back = button('◀', 'One back (left arrow)', () => go(index - 1))
  const next = button('▶', 'One on (right arrow)', () => go(index + 1))
  const last = button('▶|', 'Newest moment', () => go(moments.length - 1))
  const play = h('button', { 'aria-pressed': 'false', title: 'Plays at the pace of the recording' }, 'Play')
  play.addEventListener('click', () => {
    if (player.playing) return player.stop()
    player.play(moments, index, Number(speed.value))
    play.ariaPressed = String(player.playing)
  })
  const speed = h('select', { 'aria-label': 'Speed' }, ...SPEEDS.map((n) => h('option', { value: String(n) }, `${n}×`)))
  const player = createPlayer(go, () => {
    play.ariaPressed = 'false'
  })
  const filter = h('select', { 'aria-label': 'Store' })
  filter.addEventListener('change', () => {
    store = filter.value
    lay()
  })
  const where = h('span', { class: 'dim num', role: 'status' })
  const retake = h(
    'button',
    { title: 'Takes what the engine has kept until now', onclick: () => attempt(take()) },
    'Take again',
  )
  const mark = button('Mark', 'Marks this moment, to compare it with others', () => {
    marked = now()
    draw()
  })
  const compare = h('button', { 'aria-pressed': 'false', title: 'Lists what differs from the marked moment' })
  compare.addEventListener('click', () => {
    comparing = !comparing
    draw()
  })
  const show = h(
    'button',
    { title: 'The page shows this moment until you go back to live', onclick: showInApp },
    'Show in the app',
  )
  const bannerText = h('span', {})
  const banner = h(
    'div',
    { class: 'bar rv-past', role: 'alert' },
    bannerText,
    h('span', { class: 'grow' }),
    h('button', { onclick: () => (attempt(past.live()), view.update()) }, 'Live again'),
  )
  const imported = h(
    'div',
    { class: 'bar' },
    h('span', {}, 'This is an imported recording.'),
    h('button', { onclick: () => (source === undefined ? attempt(take()) : open(source), view.update()) }, 'Close it'),
  )
  const faultText = h('span', { class: 'bad' })
  const fault = h('div', { class: 'rv-fault', role: 'alert' }, faultText)
  fault.hidden = true

  const transfer = createTransfer({
    files,
    recording: () => recording,
    moment: () => now()?.seq,
    opened(read, opened) {
      fault.hidden = true
      const detail: OpenDetail = { model: opened }
      const free = root.dispatchEvent(
        new CustomEvent('rv-open', { detail, bubbles: true, composed: true, cancelable: true }),
      )
      if (free) open(read)
      view.update()
    },
    failed: fail,
  })
  const strip = createStrip((at) => go(lastUpTo(moments, 'at', at)))
  const scrub = h('input', { type: 'range', min: '0', 'aria-label': 'Moment', oninput: () => go(Number(scrub.value)) })
  const list = createMomentList((at) => go(at))
  const state = createStatePane()
  const differences = createDifferenceList(({ store: name, path }: Difference) => {
    shownStore = name
    comparing = false
    draw()
    if (recording !== undefined && now() !== undefined) state.show(recording, name, now()?.seq ?? 0)
    state.select(path)
  })
  const empty = h('div', { class: 'empty' })
  const element = h(
    'div',
    { class: 'rv-time-view' },
    banner,
    imported,
    h(
      'div',
      { class: 'bar' },
      first,
      back,
      play,
      next,
      last,
      speed,
      filter,
      where,
      h('span', { class: 'grow' }),
      retake,
    ),
    h('div', { class: 'bar' }, mark, compare, show, h('span', { class: 'grow' }), ...transfer.buttons),
    transfer.form,
    fault,
    strip.element,
    h('div', { class: 'rv-scrub' }, scrub),
    h(
      'div',
      { class: 'split' },
      h('div', { class: 'rv-moments' }, list.element),
      h('div', { class: 'col' }, empty, state.element, differences.element),
    ),
  )
  element.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.role === 'tree') return
    if (event.key === 'ArrowLeft') go(index - 1)
    else if (event.key === 'ArrowRight') go(index + 1)
    else return
    event.preventDefault()
  })
  root.append(element)

  const view: MountedView = {
    update() {
      const shown = past.seq
      banner.hidden = shown === undefined
      text(
        bannerText,
        shown === undefined
          ? ''
          : `The page shows the past: message ${shown}, ${formatTime(past.at)}. What arrives meanwhile is recorded, not shown.`,
      )
      const live = recordingOf(model) === undefined
      imported.hidden = recording === source
      show.hidden = !live || recording !== source || shown !== undefined
      retake.hidden = !live || recording !== source
      const newer = newerThan(model, recording)
      text(retake, newer === 0 ? 'Take again' : `Take again (+${formatCount(newer)})`)
      text(empty, emptyText(model, recording))
      if (live && recording === undefined && asked === 0 && model.hello !== undefined) attempt(take())
    },
    goto({ seq }) {
      if (seq === undefined) return
      const known = recording?.ring.last ?? 0
      const jump = (): void => go(lastUpTo(moments, 'seq', seq))
      if (seq > known && recording === source && recordingOf(model) === undefined) attempt(take().then(jump))
      else jump()
    },
    destroy() {
      ended = true
      player.stop()
      strip.destroy()
      list.destroy()
      state.destroy()
      differences.destroy()
    },
  }
  if (recording !== undefined) open(recording)
  else draw()
  view.update()
  return view
}
