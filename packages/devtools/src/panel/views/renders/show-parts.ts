import type { FrameEntry } from '@rivulet/client/inspect'
import type { ClientModel } from '../../client-model.ts'
import { attributedPath } from '../../attributed-path.ts'
import { hexOf } from '../../format-value.ts'
import { gotoLink } from '../../goto.ts'
import { fill, h, messageOf } from '../../h.ts'
import { isWithin } from '../parts/is-within.ts'
import { valueText } from '../wire/bytes-pane.ts'
import { inspectFrame } from '../wire/inspect-frame.ts'
import type { PagePatch } from './render-stats.ts'

const MAX_SHOWN = 40
const MAX_PARTS = 20_000

/** Shows in `into` which bytes of a message changed these paths, with a link to the whole message. */
export async function showParts(
  into: HTMLElement,
  model: ClientModel,
  frame: FrameEntry,
  changes: PagePatch['changes'],
): Promise<void> {
  const def = model.stores.get(frame.store ?? '')
  const mine = changes.filter(({ store }) => store === frame.store)
  const paths = def === undefined ? [] : mine.map(({ path }) => attributedPath(def, path))
  const whole = (path?: string): HTMLElement =>
    gotoLink(`Message #${frame.seq} in Wire`, { view: 'wire', seq: frame.seq, ...(path === undefined ? {} : { path }) })
  let bytes: Uint8Array | null | undefined
  try {
    ;[bytes] = await model.bytes([frame.seq])
  } catch (error) {
    fill(into, h('p', { class: 'bad' }, messageOf(error)), whole())
    return
  }
  if (bytes === null || bytes === undefined)
    return fill(into, h('p', { class: 'dim' }, 'These bytes are no longer kept.'), whole())
  const found = bytes
  const { parts } = inspectFrame(model, frame, found, { maxParts: MAX_PARTS, maxValue: 32 })
  const touched = parts.filter((part) => paths.some((path) => isWithin(part.path, path)))
  fill(
    into,
    h(
      'table',
      { class: 'mono' },
      ...touched
        .slice(0, MAX_SHOWN)
        .map(({ offset, length, path, meaning, value }) =>
          h(
            'tr',
            {},
            h('td', { class: 'dim num' }, offset),
            h('td', {}, hexOf(found.subarray(offset, offset + length), 6, ' ') + (length > 6 ? ' …' : '')),
            h('td', {}, path),
            h('td', { class: 'dim' }, meaning),
            h('td', {}, valueText(value, meaning)),
          ),
        ),
    ),
    h(
      'p',
      { class: 'dim' },
      touched.length === 0
        ? 'None of its bytes names these paths: they changed with something around them.'
        : touched.length > MAX_SHOWN
          ? `and ${touched.length - MAX_SHOWN} more parts`
          : '',
    ),
    whole(touched[0]?.path),
  )
}
