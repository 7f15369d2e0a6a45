import { decodeValue, encodeDelta, encodeState, encodeValue } from '@rivulet/wire'
import { expose } from 'comlink'
import { createEngine } from '../../src/engine/create-engine.ts'
import { type EngineControl, type EngineMessage, PROTOCOL_VERSION, type WorkerReady } from '../../src/protocol.ts'
import { BoardStore, board, types } from './board.ts'
import { fakeNet, type FakeSocket } from './fake-socket.ts'

// A real worker with the real engine. Its host is in here too, so that it goes on when the page does not; what it does depends on the bytes of `BoardStore.Upload`, a command as text:
//   flood <ms> <deltas a second> <events a second> <event bytes>
//   backlog <ms> <tasks>: keeps so many tasks in the worker's queue, a change in each, so that whatever comes waits for all of them
//   count <deltas|events|patches|event-bytes|waits>: how many there were since the flood began; patches and bytes are what was posted to the page, waits how often all tasks of a backlog were done

const counts = { deltas: 0, events: 0, patches: 0, 'event-bytes': 0, waits: 0 }

const { factory } = fakeNet((socket) => {
  socket.connect = () => void setTimeout(() => socket.receive('connect'))
  socket.react = (name, message) => void setTimeout(() => react(socket, name, message))
})

function react(socket: FakeSocket, name: string, message: Record<string, unknown>): void {
  if (name === 'storesub' && message['action'] === 0) {
    socket.receive('storeupdate', {
      time: Date.now(),
      kind: 0,
      storeName: 'BoardStore',
      state: encodeState(BoardStore, board()),
    })
  }
  if (name === 'rpccall') answer(socket, message)
}

function answer(socket: FakeSocket, { callID, request }: Record<string, unknown>): void {
  const { bytes } = decodeValue(types, { kind: 'struct', ref: 'test.Blob' }, request) as { bytes: Uint8Array }
  const [command = '', ...rest] = new TextDecoder().decode(bytes).split(' ')
  let result = 0
  if (command === 'count') result = counts[rest[0] as keyof typeof counts]
  else if (command === 'backlog') backlog(socket, ...(rest.map(Number) as [number, number]))
  else flood(socket, ...(rest.map(Number) as [number, number, number, number]))
  const response = encodeValue(types, { kind: 'struct', ref: 'test.AddResponse' }, { result, error: null })
  socket.receive('rpccallresp', { callID, response, error: null })
}

function forget(): void {
  for (const what of Object.keys(counts)) counts[what as keyof typeof counts] = 0
}

function flood(socket: FakeSocket, ms: number, deltas: number, events: number, size: number): void {
  forget()
  const began = performance.now()
  const tick = (): void => {
    const elapsed = Math.min(ms, performance.now() - began)
    while (counts.deltas < (deltas * elapsed) / 1000) delta(socket, ++counts.deltas)
    while (counts.events < (events * elapsed) / 1000) event(socket, ++counts.events, size)
    if (elapsed >= ms) clearInterval(timer)
  }
  const timer = setInterval(tick, 4)
}

/** A millisecond's work each, as decoding much more than the worker can take. */
function backlog(socket: FakeSocket, ms: number, tasks: number): void {
  forget()
  const end = performance.now() + ms
  const { port1, port2 } = new MessageChannel()
  port2.addEventListener('message', ({ data: task }: MessageEvent<number>) => {
    const began = performance.now()
    delta(socket, ++counts.deltas)
    while (performance.now() - began < 1);
    if (task === 0) counts.waits++
    if (began < end) port1.postMessage(task)
  })
  port2.start()
  for (let task = 0; task < tasks; task++) port1.postMessage(task)
}

function delta(socket: FakeSocket, n: number): void {
  const partial = encodeDelta(BoardStore, {
    title: { set: `${n}` },
    items: { sets: new Map([[`k${n % 50}`, { name: `${n}`, x: n, y: 0 }]]) },
  })
  socket.receive('storeupdate', { time: Date.now(), kind: 2, storeName: 'BoardStore', partial })
}

function event(socket: FakeSocket, n: number, size: number): void {
  const bytes = new Uint8Array(size)
  new DataView(bytes.buffer).setUint32(0, n)
  const packet = encodeValue(types, { kind: 'struct', ref: 'test.Blob' }, { bytes })
  socket.receive('event', { time: Date.now(), eventName: 'Blob', event: packet })
}

const engine = createEngine({ io: factory })
const watched: EngineControl = {
  ...engine,
  start(config, port, hooks) {
    const post = port.postMessage.bind(port)
    const counted = (message: EngineMessage, transfer: Transferable[]): void => {
      if (message.type === 'patch') counts.patches++
      if (message.type === 'event') counts['event-bytes'] += message.bytes.byteLength
      post(message, transfer)
    }
    port.postMessage = counted as typeof port.postMessage
    return engine.start(config, port, hooks)
  },
}

const ready: WorkerReady = { rivulet: 'ready', version: PROTOCOL_VERSION }
postMessage(ready)
expose(watched)
