import { once } from 'node:events'
import { encodeState } from '@rivulet/wire'
import { io as connect } from 'socket.io-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { createHost, createStore } from '../../src/index.ts'
import { Echo, notesHost, NotesStore, someNotes } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

const subscribe = { storeName: 'NotesStore', action: 0 }

describe('the stock client', () => {
  test.each<[string, readonly ('polling' | 'websocket')[], string]>([
    ['WebSocket', ['websocket'], 'websocket'],
    ['polling', ['polling'], 'polling'],
    ['polling that is upgraded', ['polling', 'websocket'], 'websocket'],
  ])('feature 59: follows and calls over %s', async (_, transports, last) => {
    const app = await notesHost()
    app.host.rpc(Echo, ({ text }) => {
      app.notes.update((d) => void (d.title = text))
      return text
    })
    const page = await app.page({ transports: [...transports] })
    page.socket.emit('storesub', subscribe)
    await page.messages('storeupdate')
    const { engine } = page.socket.io
    await until(() => engine.transport.name === last, `the transport to be ${last}`)
    expect((await page.call('after')).result).toBe('after')
    const [first, second] = await page.messages('storeupdate', 2)
    expect(Buffer.from(first?.['state'] as Buffer)).toEqual(Buffer.from(encodeState(NotesStore, someNotes())))
    expect(second?.['kind']).toBe(2)
    expect(engine.transport.name).toBe(last)
  })
})

test('feature 60: bytes are frames of their own, announced by a placeholder in the event', async () => {
  const app = await notesHost()
  const port = await app.host.listening
  const socket = new WebSocket(`ws://localhost:${port}/socket/?EIO=4&transport=websocket`)
  onTestFinished(() => socket.terminate())
  const frames: (string | Buffer)[] = []
  socket.on('message', (data: Buffer, binary: boolean) => frames.push(binary ? data : data.toString()))
  await once(socket, 'open')
  await until(() => frames.length === 1, 'the handshake')
  socket.send('40')
  await until(() => frames.length === 2, 'the connection to the namespace')
  socket.send(`42${JSON.stringify(['storesub', subscribe])}`)
  await until(() => frames.length === 4, 'the full state')
  const [, , event, attachment] = frames
  expect(String(event).slice(0, 4)).toBe('451-')
  expect(JSON.parse(String(event).slice(4))).toEqual([
    'storeupdate',
    { time: expect.any(Number), kind: 0, storeName: 'NotesStore', state: { _placeholder: true, num: 0 } },
  ])
  expect(attachment).toEqual(Buffer.from(encodeState(NotesStore, app.notes.state)))
  // The other direction: a call whose request is the next frame.
  const request = { _placeholder: true, num: 0 }
  socket.send(`451-${JSON.stringify(['rpccall', { callID: 3, methodName: 'Fence', request }])}`)
  socket.send(Buffer.from('026869', 'hex'))
  await until(() => frames.length === 6, 'the answer')
  const response = { _placeholder: true, num: 0 }
  expect(JSON.parse(String(frames[4]).slice(4))).toEqual(['rpccallresp', { callID: 3, response, error: null }])
  expect(frames[5]).toEqual(Buffer.from('02686901', 'hex'))
})

test('feature 61: the path is the one that the application chose, and no other', async () => {
  const host = createHost({ port: 0, path: '/live', stores: [createStore(NotesStore, someNotes())], logger: null })
  onTestFinished(() => host.close())
  const url = `http://localhost:${await host.listening}`
  const open = (path: string): ReturnType<typeof connect> => {
    const socket = connect(url, { path, transports: ['websocket'], forceNew: true, reconnection: false })
    onTestFinished(() => void socket.disconnect())
    return socket
  }
  const right = open('/live')
  const updates: unknown[] = []
  right.on('storeupdate', (body) => updates.push(body))
  right.emit('storesub', subscribe)
  await until(() => updates.length === 1, 'the chosen path to answer')
  const wrong = open('/socket')
  let refused = false
  wrong.on('connect_error', () => (refused = true))
  await until(() => refused, 'the other path to be refused')
  expect(wrong.connected).toBe(false)
})
