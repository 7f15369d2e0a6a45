import { canBeNull, encodeValue, type TypeNode, type Types } from '@rivulet/wire'
import { formatType } from '../../format-type.ts'
import { hexOf, isoOf, plainText } from '../../format-value.ts'
import { fromText, readLeaf } from '../../from-text.ts'
import { fill, h, messageOf, text } from '../../h.ts'
import { toText } from '../../to-text.ts'

/** Larger values are edited part by part. */
const MAX_TEXT = 200_000

/** What is edited: the value of a place, of the place's own type. */
export interface Editable {
  readonly types: Types
  readonly node: TypeNode
  readonly value: unknown
  /** What it is called, for screen readers. */
  readonly label: string
}

/**
 * A form for one value: a choice for bools, a line for what has no parts, JSON for the rest. What does not fit is said beneath it, while typing; `save` gets the wire bytes of the place's type. It may reject, which is said
 * in the same place.
 *
 * @example
 * root.append(createValueEditor({ types, node: { kind: 'int8' }, value: 5, label: 'level' }, save, close))
 */
export function createValueEditor(
  { types, node, value, label }: Editable,
  save: (bytes: ArrayBuffer) => Promise<void>,
  close: () => void,
): HTMLElement {
  const leaf = plainLeaf(node)
  const problem = h('div', { class: 'bad', role: 'alert', id: 'rv-edit-problem' })
  const field = createField(leaf, leaf === undefined ? toText(types, node, value) : leafText(leaf, value))
  field.ariaLabel = `New value of ${label}`
  field.setAttribute('aria-describedby', problem.id)
  const say = (error: unknown): void => {
    text(problem, error === undefined ? '' : messageOf(error))
    field.ariaInvalid = String(error !== undefined)
  }
  const read = (): unknown => {
    if (field.value.length > MAX_TEXT) throw new Error('This is too long to be edited here.')
    if (leaf === undefined) return fromText(types, node, field.value)
    if (leaf.kind === 'bool') return readLeaf(leaf, field.value === 'true')
    return readLeaf(leaf, leaf.kind === 'string' ? field.value : field.value.trim())
  }
  /** Undefined when it does not fit, which has been said then. */
  const check = (of: () => unknown): ArrayBuffer | undefined => {
    try {
      const { buffer } = encodeValue(types, node, of())
      say(undefined)
      return buffer
    } catch (error) {
      say(error)
      return undefined
    }
  }
  const submit = async (of: () => unknown): Promise<void> => {
    const bytes = check(of)
    if (bytes === undefined) return
    try {
      await save(bytes)
      close()
    } catch (error) {
      say(error)
    }
  }
  field.addEventListener('input', () => check(read))
  const form = h(
    'form',
    {
      class: 'rv-editor',
      onsubmit: (event: Event) => {
        event.preventDefault()
        void submit(read)
      },
      onkeydown: (event: KeyboardEvent) => {
        if (event.key === 'Escape') close()
        else if (event.key !== 'Enter' || (field.tagName === 'TEXTAREA' && !event.ctrlKey && !event.metaKey)) return
        else void submit(read)
        event.preventDefault()
        event.stopPropagation()
      },
    },
    h('div', { class: 'dim' }, `${formatType(node)}${leaf === undefined ? ', as JSON' : hint(leaf)}`),
    field,
    problem,
    h(
      'div',
      { class: 'rv-buttons' },
      h('button', { type: 'submit', title: 'Enter; Ctrl+Enter in several lines' }, 'Show on this page'),
      canBeNull(node) &&
        value !== null &&
        h('button', { type: 'button', onclick: () => void submit(() => null) }, 'null'),
      h('button', { type: 'button', onclick: close }, 'Cancel'),
    ),
  )
  return form
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

function createField(leaf: TypeNode | undefined, value: string): Field {
  if (leaf?.kind === 'bool') {
    const choice = h('select')
    fill(choice, h('option', {}, 'true'), h('option', {}, 'false'))
    choice.value = value
    return choice
  }
  if (leaf !== undefined && leaf.kind !== 'string' && leaf.kind !== 'bytes') return h('input', { class: 'mono', value })
  const rows = Math.min(14, value.split('\n').length + (leaf === undefined ? 1 : 0))
  return h('textarea', { class: 'mono', value, rows, spellcheck: false })
}

/** The type when the value has no parts, behind pointers that need no box. */
function plainLeaf(node: TypeNode): TypeNode | undefined {
  let at = node
  while (at.kind === 'pointer' && !canBeNull(at.elem)) at = at.elem
  return ['pointer', 'any', 'struct', 'array', 'map', 'set'].includes(at.kind) ? undefined : at
}

function leafText(leaf: TypeNode, value: unknown): string {
  if (value === null || value === undefined) return leaf.kind === 'bool' ? 'false' : ''
  if (leaf.kind === 'bytes') return hexOf(value as Uint8Array, undefined, ' ')
  if (leaf.kind === 'time') return isoOf(value as Date | number)
  return leaf.kind === 'string' ? (value as string) : plainText(value)
}

function hint(leaf: TypeNode): string {
  return leaf.kind === 'bytes' ? ', in hex' : leaf.kind === 'time' ? ', ISO 8601' : ''
}
