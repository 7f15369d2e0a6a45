import type { FeedEntry } from '@rivulet/client/inspect'
import type { ClientModel } from '../../client-model.ts'
import { formatBytes, formatMs, formatTime } from '../../format-units.ts'
import { fill, h, messageOf } from '../../h.ts'
import { createByteWarnings } from './byte-warnings.ts'
import { createBytesPane } from './bytes-pane.ts'
import { describeEntry, errorOf } from './describe-entry.ts'
import { inspectFrame } from './inspect-frame.ts'
import { type Warning, WARNINGS } from './warnings.ts'

/** What is known of one entry. */
export interface Detail {
  readonly element: HTMLElement
  /** Shows an entry with the warnings that are known; `path` = what to mark of its bytes. */
  show(entry: FeedEntry | undefined, warnings: readonly Warning[], path?: string): void
  destroy(): void
}

/** Parts that are taken apart at first, and how many times more at each wish. */
const PARTS = 4000
const TIMES = 8
const MAX_PARTS = PARTS * TIMES * TIMES
/** Bytes of a value that are spelled out. */
const SPELLED = 64

/** Makes it, empty. */
export function createDetail(model: ClientModel): Detail {
  const meta = h('dl', { class: 'rv-meta' })
  const warns = h('ul', { class: 'rv-warns' })
  const note = h('p', { class: 'empty' }, 'Select a message to see its bytes.')
  const pane = createBytesPane()
  const element = h('div', { class: 'col rv-detail' }, meta, warns, note, pane.element)
  let turn = 0

  const showWarnings = (warnings: readonly Warning[]): void => {
    const seen = new Map(warnings.map((warning) => [`${warning.code} ${warning.path ?? ''}`, warning]))
    fill(
      warns,
      ...[...seen.values()].map(({ code, path, detail }) => {
        const [title, advice] = WARNINGS[code]
        const where = [path, detail].filter((part) => part !== undefined).join(', ')
        return h('li', {}, h('b', { class: 'warn' }, `⚠ ${title}${where === '' ? '' : ` (${where})`}`), ` ${advice}`)
      }),
    )
  }
  const tell = (message: string): void => {
    note.hidden = message === ''
    note.textContent = message
    pane.element.hidden = message !== ''
  }
  tell('Select a message to see its bytes.')

  const load = async (entry: FeedEntry, warnings: readonly Warning[], path: string | undefined): Promise<void> => {
    const mine = ++turn
    if (entry.type !== 'frame') return tell('This is no message to the host or from it: it has no bytes of its own.')
    if (entry.bytes === 0) return tell('This message has no binary part.')
    tell('…')
    let bytes: Uint8Array | null | undefined
    try {
      ;[bytes] = await model.bytes([entry.seq])
    } catch (error) {
      if (mine === turn) tell(messageOf(error))
      return
    }
    if (mine !== turn) return
    if (bytes === null || bytes === undefined)
      return tell('These bytes are no longer kept. The engine keeps more when its ring is larger.')
    const found = bytes
    const show = (maxParts: number): void => {
      const inspection = inspectFrame(model, entry, found, { maxParts, maxValue: SPELLED })
      tell('')
      pane.show(found, inspection, maxParts < MAX_PARTS ? () => show(maxParts * TIMES) : undefined)
      const def = model.stores.get(entry.store ?? '')
      const judged =
        def !== undefined && entry.kind === 'storeupdate'
          ? createByteWarnings()(def, entry.update ?? 'partial', found, inspection)
          : []
      const bad: readonly Warning[] =
        inspection.error === undefined ? [] : [{ code: 'error', detail: inspection.error.message }]
      showWarnings([...warnings, ...judged, ...bad])
      const at = path === undefined ? undefined : inspection.parts.find((part) => part.path.startsWith(path))
      if (at !== undefined) pane.select(at.offset)
    }
    show(PARTS)
  }

  return {
    element,
    show(entry, warnings, path) {
      fill(meta, ...(entry === undefined ? [] : rowsOf(entry)))
      showWarnings(warnings)
      if (entry === undefined) {
        turn++
        tell('Select a message to see its bytes.')
      } else void load(entry, warnings, path)
    },
    destroy() {
      turn++
      pane.destroy()
    },
  }
}

function rowsOf(entry: FeedEntry): readonly HTMLElement[] {
  const { dir, kind, what, bytes, took } = describeEntry(entry)
  const error = errorOf(entry)
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['number', `#${entry.seq}`],
    ['time', formatTime(entry.at)],
    ['what', `${dir} ${kind} ${what}`],
    ['key', 'key' in entry ? entry.key : undefined],
    ['size', bytes === undefined ? undefined : `${formatBytes(bytes)} (${bytes})`],
    ['engine took', took === undefined ? undefined : formatMs(took)],
    [
      'error',
      error === undefined ? undefined : [error.what, error.hint].filter((part) => part !== undefined).join(' '),
    ],
  ]
  return facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [h('div', {}, h('dt', { class: 'dim' }, name), h('dd', {}, value))],
  )
}
