import { decodeValue, encodeValue, type RpcDef, type SendDef, type TypeNode, zeroOf } from '@rivulet/wire'
import type { ClientModel } from '../../client-model.ts'
import { formatMs } from '../../format-units.ts'
import { fromText } from '../../from-text.ts'
import { fill, h, messageOf } from '../../h.ts'
import { toText } from '../../to-text.ts'
import { packetText } from '../parts/previews.ts'

/** A form that calls a method with arguments as text. */
export interface CallForm {
  readonly element: HTMLElement
  /** Offers the methods that are known by now. */
  update(): void
  /** Fills it in: the method, and its arguments in wire bytes where they are known. */
  fill(name: string, args?: Uint8Array): void
}

/** Makes the form. What is typed is checked against the method's request and encoded before anything is sent. */
export function createCallForm(model: ClientModel): CallForm {
  const method = h('select', { 'aria-label': 'Method' }, h('option', { value: '' }, 'a method…'))
  const args = h('textarea', { 'aria-label': 'Arguments', rows: 6, spellcheck: false, class: 'mono' })
  const button = h('button', { type: 'submit' }, 'Call')
  const out = h('pre', { class: 'mono', role: 'status' })
  const element = h(
    'form',
    { class: 'rv-form' },
    h('div', { class: 'bar' }, h('b', {}, 'Call'), method, h('span', { class: 'grow' }), button),
    args,
    out,
  )
  const offered = new Set<string>()
  const say = (message: string, bad: boolean): void => {
    out.textContent = message
    out.className = bad ? 'mono bad' : 'mono'
  }
  const chosen = (): RpcDef | SendDef | undefined => model.requests.get(method.value)
  const write = (def: RpcDef | SendDef, value: unknown): void => {
    args.value = toText(def.types, requestNode(def), value)
  }
  method.addEventListener('change', () => {
    const def = chosen()
    say('', false)
    if (def === undefined) args.value = ''
    else write(def, zeroOf(def.types, requestNode(def)))
  })
  element.addEventListener('submit', (event) => {
    event.preventDefault()
    void call()
  })

  const call = async (): Promise<void> => {
    const def = chosen()
    if (def === undefined) return say('Choose a method first.', true)
    let bytes: Uint8Array
    try {
      bytes = encodeValue(def.types, requestNode(def), fromText(def.types, requestNode(def), args.value))
    } catch (error) {
      args.ariaInvalid = 'true'
      return say(messageOf(error), true)
    }
    args.ariaInvalid = 'false'
    button.disabled = true
    say('…', false)
    try {
      const { took, response } = await model.call(def, bytes)
      const packet =
        def.kind === 'rpc'
          ? { types: def.types, node: { kind: 'struct', ref: def.response } as const, name: def.name }
          : undefined
      say(`${formatMs(took)}\n${packet === undefined ? 'sent' : packetText(packet, response)}`, false)
    } catch (error) {
      say(messageOf(error), true)
    } finally {
      button.disabled = false
    }
  }

  const form: CallForm = {
    element,
    update() {
      if (offered.size === model.requests.size) return
      for (const name of model.requests.keys()) {
        if (offered.has(name)) continue
        offered.add(name)
        method.append(h('option', { value: name }, name))
      }
    },
    fill(name, bytes) {
      form.update()
      const def = model.requests.get(name)
      if (def === undefined) return say(`The arguments of ${name} are not known here: its schema is not.`, true)
      method.value = name
      say('', false)
      const node = requestNode(def)
      write(def, bytes === undefined ? zeroOf(def.types, node) : decodeValue(def.types, node, bytes))
      args.focus()
    },
  }
  fill(out)
  return form
}

function requestNode(def: RpcDef | SendDef): TypeNode {
  return { kind: 'struct', ref: def.request }
}
