import type { EventDef, KeyedEventDef } from '@rivulet/wire'
import type { ClientModel } from '../../client-model.ts'
import { formatCount, formatTime } from '../../format-units.ts'
import { h, messageOf, text } from '../../h.ts'
import { packetText } from '../parts/previews.ts'

/** What the panel listens to, and a form for more. */
export interface Listeners {
  readonly element: HTMLElement
  /** Offers the events that are known by now, and shows what was heard. */
  update(): void
  destroy(): void
}

/** At once; hosts limit them, too. */
const MAX_LISTENERS = 50
const SHOWN_CHARS = 300

/** Makes it. Events that are listened to also come to pages that did not ask for them; all of it ends with `destroy`. */
export function createListeners(model: ClientModel): Listeners {
  const event = h('select', { 'aria-label': 'Event' }, h('option', { value: '' }, 'an event…'))
  const key = h('input', { 'aria-label': 'Key', placeholder: 'key', hidden: true })
  const says = h('span', { class: 'bad', role: 'status' })
  const listed = h('ul', { class: 'rv-listeners' })
  const element = h(
    'form',
    { class: 'rv-form' },
    h('div', { class: 'bar' }, h('b', {}, 'Listen'), event, key, h('button', { type: 'submit' }, 'Subscribe'), says),
    listed,
  )
  const offered = new Set<string>()
  const ends = new Map<string, () => void>()
  const draws = new Set<() => void>()
  const chosen = (): EventDef | KeyedEventDef | undefined => model.events.get(event.value)
  event.addEventListener('change', () => {
    key.hidden = chosen()?.kind !== 'keyedEvent'
  })

  const listen = (): void => {
    const def = chosen()
    if (def === undefined) return text(says, 'Choose an event first.')
    const keyed = def.kind === 'keyedEvent'
    if (keyed && key.value === '') return text(says, 'A keyed event needs a key.')
    const id = JSON.stringify([event.value, keyed ? key.value : ''])
    if (ends.has(id)) return text(says, 'That is listened to already.')
    if (ends.size >= MAX_LISTENERS) return text(says, 'No more at once: unsubscribe from one.')
    text(says, '')
    let count = 0
    let last: readonly [at: number, packet: Uint8Array] | undefined
    const packet = { types: def.types, node: { kind: 'struct', ref: def.packet } as const, name: def.name }
    const heard = h('span', { class: 'mono' }, 'nothing heard yet')
    const title = keyed ? `${event.value} ${key.value}` : event.value
    // Decoded when it is drawn: events may come faster.
    const draw = (): void => {
      if (last !== undefined)
        text(heard, `${formatCount(count)} × · ${formatTime(last[0])} ${oneLine(packetText(packet, last[1]))}`)
    }
    let stop: () => void
    try {
      stop = model.listen(def, keyed ? key.value : undefined, (at, bytes) => {
        count++
        last = [at, bytes]
      })
    } catch (error) {
      return text(says, messageOf(error))
    }
    const item = h(
      'li',
      {},
      h('button', { type: 'button', onclick: () => end(), 'aria-label': `Unsubscribe ${title}` }, 'Unsubscribe'),
      h('b', {}, ` ${title} `),
      heard,
    )
    const end = (): void => {
      stop()
      ends.delete(id)
      draws.delete(draw)
      item.remove()
    }
    ends.set(id, end)
    draws.add(draw)
    listed.append(item)
  }
  element.addEventListener('submit', (submitted) => {
    submitted.preventDefault()
    listen()
  })

  return {
    element,
    update() {
      for (const name of offered.size === model.events.size ? [] : model.events.keys()) {
        if (offered.has(name)) continue
        offered.add(name)
        event.append(h('option', { value: name }, name))
      }
      for (const draw of draws) draw()
    },
    destroy() {
      for (const end of ends.values()) end()
    },
  }
}

function oneLine(json: string): string {
  const line = json.replaceAll(/\s+/g, ' ')
  return line.length > SHOWN_CHARS ? `${line.slice(0, SHOWN_CHARS)}…` : line
}
