import { describe, expect, test } from 'vitest'
import { createLocalChannel } from '../../src/bridge/local-channel.ts'
import { eventually } from '../support/eventually.ts'

function hearing(port: MessagePort): unknown[] {
  const heard: unknown[] = []
  port.addEventListener('message', (event: MessageEvent<unknown>) => heard.push(event.data))
  return heard
}

describe('a local channel', () => {
  test('carries messages both ways, in order and in a later task, as the very objects', async () => {
    const { port1, port2 } = createLocalChannel()
    const atTwo = hearing(port2)
    const atOne = hearing(port1)
    port1.start()
    port2.start()
    const message = { bytes: new Uint8Array([1]) }
    port1.postMessage(message)
    port1.postMessage(2)
    port2.postMessage('back')
    expect([atOne, atTwo]).toEqual([[], []])
    await eventually(() => expect([atOne, atTwo]).toEqual([['back'], [message, 2]]))
    expect(atTwo[0]).toBe(message)
  })

  test('keeps what comes before the start', async () => {
    const { port1, port2 } = createLocalChannel()
    port1.postMessage(1)
    const heard = hearing(port2)
    const other = hearing(port1)
    port1.start()
    port2.postMessage(0)
    await eventually(() => expect(other).toEqual([0]))
    expect(heard).toEqual([])
    port2.start()
    await eventually(() => expect(heard).toEqual([1]))
  })

  test('what was sent before the close arrives, nothing after; a listener that left hears nothing', async () => {
    const { port1, port2 } = createLocalChannel()
    const heard = hearing(port2)
    const gone: unknown[] = []
    const listener = (event: MessageEvent<unknown>): void => void gone.push(event.data)
    port2.addEventListener('message', listener)
    port2.removeEventListener('message', listener)
    const back = hearing(port1)
    port1.start()
    port2.start()
    port1.postMessage('last')
    port1.close()
    port1.postMessage('late')
    port2.postMessage('nobody')
    await eventually(() => expect(heard).toEqual(['last']))
    port2.close()
    port2.close()
    expect([back, gone]).toEqual([[], []])
  })

  test('a message that is sent by a listener comes after those that were there', async () => {
    const { port1, port2 } = createLocalChannel()
    const heard: unknown[] = []
    port1.addEventListener('message', ({ data }: MessageEvent<number>) => {
      if (data < 3) port1.postMessage(data + 1)
    })
    port2.addEventListener('message', ({ data }: MessageEvent<number>) => {
      heard.push(data)
      port2.postMessage(data)
    })
    port1.start()
    port2.start()
    port1.postMessage(0)
    port1.postMessage(10)
    await eventually(() => expect(heard).toEqual([0, 10, 1, 2, 3]))
  })
})
