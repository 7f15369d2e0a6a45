import { decodeDelta, decodeState, decodeValue, encodeValue, type RpcDef, type Types } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { notesHost, NotesStore, someNotes } from '../support/notes-host.ts'

const text = { kind: 'string' } as const
const types: Types = [
  {
    'box.Box': { form: 'flat', fields: [{ name: 'items', type: { kind: 'array', elem: text } }] },
    'box.Answer': {
      form: 'flat',
      fields: [
        { name: 'result', type: { kind: 'struct', ref: 'box.Box' } },
        { name: 'error', type: { kind: 'pointer', elem: text } },
      ],
    },
  },
]

interface Box {
  readonly items: string[]
}

describe('feature 127: what was handed over stays as it was then', () => {
  test('the packet of an event', async () => {
    const app = await notesHost()
    const page = await app.page()
    const packet: Box = { items: ['then'] }
    app.host.emit({ kind: 'event', name: 'Boxed', packet: 'box.Box', types }, packet)
    packet.items.push('later')
    const [body] = await page.messages('event')
    expect(decodeValue(types, { kind: 'struct', ref: 'box.Box' }, body?.['event'])).toEqual({ items: ['then'] })
  })

  test('the result of a call', async () => {
    const app = await notesHost()
    const result: Box = { items: ['then'] }
    const Open: RpcDef<Box, Box> = { kind: 'rpc', name: 'Open', request: 'box.Box', response: 'box.Answer', types }
    app.host.rpc(Open, () => {
      // It changes in the very turn in which the answer is made.
      queueMicrotask(() => result.items.push('later'))
      return result
    })
    const page = await app.page()
    const request = encodeValue(types, { kind: 'struct', ref: 'box.Box' }, { items: [] })
    page.socket.emit('rpccall', { callID: 1, methodName: 'Open', request })
    const [answer] = await page.messages('rpccallresp')
    expect(decodeValue(types, { kind: 'struct', ref: 'box.Answer' }, answer?.['response'])).toEqual({
      result: { items: ['then'] },
      error: null,
    })
    expect(result.items).toEqual(['then', 'later'])
  })

  test('the delta and the state of a store', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('storesub', { storeName: 'NotesStore', action: 0 })
    await page.messages('storeupdate')
    const note = { text: 'then', stars: 0 }
    const sets = new Map([['n', note]])
    app.notes.apply({ notes: { sets } })
    note.text = 'later'
    sets.clear()
    const next = { ...someNotes(), title: 'then', notes: new Map([['r', { text: 'then', stars: 0 }]]) }
    app.notes.replace(next)
    next.title = 'later'
    next.notes.clear()
    const [, delta, full] = await page.messages('storeupdate', 3)
    expect(decodeDelta(NotesStore, delta?.['partial'])).toEqual({
      notes: { sets: new Map([['n', { text: 'then', stars: 0 }]]) },
    })
    expect(decodeState(NotesStore, full?.['state'])).toMatchObject({ title: 'then' })
    expect(app.notes.state.notes?.get('r')).toEqual({ text: 'then', stars: 0 })
  })
})
