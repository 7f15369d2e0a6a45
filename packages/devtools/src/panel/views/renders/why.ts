import type { FrameEntry } from '@rivulet/client/inspect'
import type { ClientModel } from '../../client-model.ts'
import { formatBytes, formatCount, formatMs, formatTime } from '../../format-units.ts'
import { formatPath } from '../../format-value.ts'
import { fill, h } from '../../h.ts'
import { plural, share } from './columns.ts'
import type { PatchFrames } from './patch-frames.ts'
import { type ComponentStats, type PagePatch, patchName, type RenderStats } from './render-stats.ts'
import { showParts } from './show-parts.ts'

/** What is explained: a component, a patch, or nothing. */
export interface Shown {
  readonly component?: ComponentStats
  readonly patch?: PagePatch
}

/** Says why something rendered, down to the bytes. */
export interface Why {
  readonly element: HTMLElement
  show(what: Shown): void
  /** Shows the newest renders of a component, unless somebody reads one of them. */
  refresh(): void
}

/** Of one patch: what is spelled out. */
const MAX_FRAMES = 20
const MAX_CHANGES = 50
/** Of the paths by which a component heard of a patch, and listeners that are looked at to find them. */
const MAX_PATHS = 3
const MAX_LOOKS = 2000

/** Makes it, empty. */
export function createWhy(model: ClientModel, stats: RenderStats, frames: PatchFrames): Why {
  const element = h('div', { class: 'rv-why' })
  let shown: Shown = {}
  let drawn = 0

  const componentParts = (component: ComponentStats): readonly HTMLElement[] => {
    const { name, source, hook, paths, instances, told, other, ms, causes } = component
    drawn = told + other
    return [
      h('h3', {}, name),
      h('p', { class: 'dim' }, [hook, source, plural(instances, 'instance')].filter((part) => part !== '').join(' · ')),
      h(
        'p',
        {},
        `${formatCount(told)} renders by patches, ${formatCount(other)} by others, about ${share(ms, stats.ms)} of all patches' time`,
      ),
      h('p', { class: 'mono' }, [...paths].join(', ')),
      h('h4', {}, 'Why did this render? The last times, newest first:'),
      h(
        'ol',
        {},
        ...causes
          .toReversed()
          .map(({ at, told: by, other: others, patch }) =>
            h(
              'li',
              {},
              h('span', { class: 'dim' }, `${formatTime(at)} `),
              by > 0 && patch !== undefined
                ? unfold(`${by}× patch ${patchName(patch)}: ${pathsOf(patch, component)}`, patch, component)
                : false,
              others > 0 ? ` ${others}× something else: a parent, state or context` : false,
            ),
          ),
      ),
    ]
  }
  /** By which paths a component heard of a patch. */
  const pathsOf = (patch: PagePatch, component: ComponentStats): string => {
    const out: string[] = []
    let looks = 0
    for (const { store, path, origins } of patch.changes) {
      const heard = origins.some((origin) => looks++ < MAX_LOOKS && origin !== null && stats.of(origin) === component)
      if (heard) out.push(`${store} ${formatPath(path)}`)
      if (out.length > MAX_PATHS || looks > MAX_LOOKS) break
    }
    return out.length > MAX_PATHS
      ? `${out.slice(0, -1).join(', ')} and more`
      : out.join(', ') || 'a path that is not listed'
  }
  /** A line that opens into the patch. */
  const unfold = (title: string, patch: PagePatch, component: ComponentStats): HTMLElement => {
    const inside = h('div', { class: 'rv-in' })
    const opened = h('details', {}, h('summary', {}, title), inside)
    opened.addEventListener('toggle', () => {
      if (opened.open && inside.childElementCount === 0) fill(inside, ...patchParts(patch, component))
    })
    return opened
  }
  /** What a component heard of, unless it is not listed; of every one without it. */
  const heardOf = ({ changes }: PagePatch, component: ComponentStats | undefined): PagePatch['changes'] => {
    const mine = changes.filter(({ origins }) =>
      origins.some((origin) => origin !== null && stats.of(origin) === component),
    )
    return mine.length > 0 ? mine : changes
  }
  const patchParts = (patch: PagePatch, component?: ComponentStats): readonly HTMLElement[] => {
    const { bytes, apply, notify, settle, changes, more } = patch
    const updates = frames.framesOf(patch, MAX_FRAMES)
    const left = more + Math.max(0, changes.length - MAX_CHANGES)
    const parts = h('div', {})
    const messageOf = (frame: FrameEntry): HTMLElement =>
      h(
        'li',
        {},
        h('button', { onclick: () => void showParts(parts, model, frame, heardOf(patch, component)) }, `#${frame.seq}`),
        ` ${frame.store} ${frame.update ?? ''} ${frame.key ?? ''} ${formatBytes(frame.bytes)}`,
      )
    return [
      h('h4', {}, `Patch ${patchName(patch)}, ${formatBytes(bytes)}`),
      h('p', {}, `Reading ${formatMs(apply)}, listeners ${formatMs(notify)}, renders until ${formatMs(settle)} later.`),
      h(
        'p',
        { class: 'dim' },
        updates.length === 0
          ? 'The messages that it was made of are no longer kept.'
          : 'Made of these messages; press one for the bytes that changed these paths:',
      ),
      h('ul', {}, ...updates.map(messageOf)),
      parts,
      h('p', { class: 'dim' }, 'Changed, and who heard:'),
      h('ul', {}, ...changes.slice(0, MAX_CHANGES).map(changeItem)),
      h('p', { class: 'dim' }, left > 0 ? `and ${formatCount(left)} more` : ''),
    ]
  }

  const draw = (): void => {
    const { component, patch } = shown
    if (patch !== undefined) fill(element, ...patchParts(patch))
    else if (component !== undefined) fill(element, ...componentParts(component))
    else
      fill(
        element,
        h('p', { class: 'empty' }, 'Select a component to see why it rendered, or a patch to see what it changed.'),
      )
  }
  draw()
  return {
    element,
    show(what) {
      shown = what
      draw()
    },
    refresh() {
      const { component } = shown
      if (component === undefined || component.told + component.other === drawn) return
      if (element.querySelector('details[open]') === null) draw()
    },
  }
}

function changeItem({ store, path, origins }: PagePatch['changes'][number]): HTMLElement {
  const names = new Map<string, number>()
  for (const origin of origins) {
    const name = origin?.name ?? 'a listener'
    names.set(name, (names.get(name) ?? 0) + 1)
  }
  const heard = [...names].map(([name, times]) => (times > 1 ? `${name} ×${times}` : name))
  return h('li', {}, h('span', { class: 'mono' }, `${store} ${formatPath(path)}`), ` → ${heard.join(', ')}`)
}
