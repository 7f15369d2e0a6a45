import { expect, test, vi } from 'vitest'
import { portPair } from '../src/port-pair.ts'
import { createTestSocket } from '../src/test-socket.ts'
import { createTraffic } from '../src/traffic.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('traffic: first in, first out, never at once, also from within a delivery', async () => {
  const traffic = createTraffic()
  const seen: string[] = []
  traffic.later(() => {
    seen.push('one')
    traffic.later(() => seen.push('three'))
  })
  traffic.quietly(() => seen.push('two'))
  expect(seen).toEqual([])
  await turn()
  expect(seen).toEqual(['one', 'two', 'three'])
  expect(traffic.count).toBe(2)
})

test('traffic: a delivery that throws is uncaught and stops nobody', async () => {
  const uncaught = vi.fn<(error: unknown) => void>()
  const before = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', uncaught)
  const traffic = createTraffic()
  const next = vi.fn<() => void>()
  traffic.later(() => {
    throw new Error('mine')
  })
  traffic.later(next)
  await turn()
  await turn()
  process.removeAllListeners('unhandledRejection')
  for (const listener of before) process.on('unhandledRejection', listener)
  expect(next).toHaveBeenCalledOnce()
  expect(uncaught.mock.calls[0]?.[0]).toMatchObject({ message: 'mine' })
})

test('traffic: what is held waits for the release', async () => {
  const traffic = createTraffic()
  const deliver = vi.fn<() => void>()
  traffic.hold()
  traffic.quietly(deliver)
  expect(traffic.waits).toBe(false)
  traffic.later(deliver)
  await turn()
  expect(deliver).not.toHaveBeenCalled()
  expect(traffic.waits).toBe(true)
  traffic.release()
  await turn()
  expect(deliver).toHaveBeenCalledTimes(2)
  expect(traffic.waits).toBe(false)
})

test('ports: messages wait for start(), pass both ways, and end with close()', async () => {
  const traffic = createTraffic()
  const { page, engine } = portPair(traffic)
  const heard: unknown[] = []
  page.addEventListener('message', ({ data }) => heard.push(['page', data]))
  engine.addEventListener('message', ({ data }) => heard.push(['engine', data]))
  engine.postMessage('early')
  await turn()
  expect(heard).toEqual([])
  page.start()
  page.start()
  engine.start()
  page.postMessage('credit')
  engine.postMessage('patch')
  await turn()
  expect(heard).toEqual([
    ['page', 'early'],
    ['engine', 'credit'],
    ['page', 'patch'],
  ])
  // What the page says is not news.
  expect(traffic.count).toBe(2)
  page.close()
  engine.postMessage('late')
  page.postMessage('later')
  await turn()
  expect(heard).toHaveLength(3)
})

test('ports: a listener that is taken off hears nothing', async () => {
  const { page, engine } = portPair(createTraffic())
  const listener = vi.fn<() => void>()
  page.addEventListener('message', listener)
  page.addEventListener('messageerror', listener)
  page.removeEventListener('message', listener)
  page.start()
  engine.postMessage(1)
  await turn()
  expect(listener).not.toHaveBeenCalled()
})

test('sockets: a message to a page that has hung up is lost, and so is one of that page', async () => {
  const messages: unknown[] = []
  const closed = vi.fn<() => void>()
  const socket = createTestSocket(createTraffic(), {
    open: () => true,
    message: (_, event, body) => messages.push([event, body]),
    close: closed,
  })
  const heard: unknown[] = []
  socket.onAny((event, body) => heard.push([event, body]))
  const named = vi.fn<(body: unknown) => void>()
  socket.on('storeupdate', named)
  socket.emit('storesub', 1)
  socket.connect()
  socket.emit('storesub', 2)
  socket.send('storeupdate', 3)
  await turn()
  expect(messages).toEqual([['storesub', 2]])
  expect(heard).toEqual([['storeupdate', 3]])
  expect(named).toHaveBeenCalledWith(3)
  socket.off('storeupdate', named)
  socket.offAny()
  socket.send('storeupdate', 4)
  await turn()
  socket.send('storeupdate', 5)
  socket.disconnect()
  socket.disconnect()
  await turn()
  expect(named).toHaveBeenCalledOnce()
  expect(heard).toHaveLength(1)
  expect(closed).toHaveBeenCalledOnce()
})
