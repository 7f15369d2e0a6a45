import { RivuletError } from '@rivulet/wire'
import { asDoorMessage, type DoorMessage } from '../../tab-protocol.ts'
import { createTunnel, type Tunnel } from '../../tunnel.ts'
import type { EngineLink, StartRequest } from '../engine-link.ts'
import { asReady } from '../handshake.ts'
import { holdLock } from './hold-lock.ts'
import { join } from './join.ts'

const KNOCK_EVERY_MS = 250

/** Joins the engine of the leading tab, which listens at the BroadcastChannel `door`; `gone` runs when another tab leads. Rejects with `worker` when no tab answers in time, and as `signal` says. */
export async function follow(
  request: StartRequest,
  door: string,
  gone: (error: RivuletError) => void,
  signal: AbortSignal,
): Promise<EngineLink> {
  const line = `${door}:${crypto.randomUUID()}`
  const held = await holdLock(line, signal)
  const channel = new BroadcastChannel(door)
  const pipe = new BroadcastChannel(line)
  const tunnel = createTunnel(pipe, 0)
  const close = (): void => {
    channel.close()
    tunnel.close()
    held.release()
  }
  try {
    // Whoever leads may only just have begun to start its engine, in one worker or another.
    await knock(channel, line, tunnel, 2 * request.timeoutMs, signal)
  } catch (e) {
    close()
    throw e
  }
  pipe.addEventListener('messageerror', () =>
    gone(new RivuletError('protocol', 'a message of the tab that holds the connection could not be read')),
  )
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (asDoorMessage(data)?.rivulet === 'serving')
      gone(new RivuletError('disconnected', 'the tab that held the connection has gone'))
  })
  return join(request, { mode: 'follower', line: tunnel, close })
}

function knock(
  channel: BroadcastChannel,
  line: string,
  tunnel: Tunnel,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController()
    const settle = (): void => {
      settled.abort()
      clearInterval(again)
      clearTimeout(timer)
      tunnel.removeEventListener('message', listen)
    }
    const fail = (error: unknown): void => {
      settle()
      reject(error)
    }
    const once = (): void => channel.postMessage({ rivulet: 'knock', line } satisfies DoorMessage)
    const listen = (event: Event): void => {
      if (asReady((event as MessageEvent<unknown>).data) === undefined) return
      settle()
      resolve()
    }
    const again = setInterval(once, KNOCK_EVERY_MS)
    const timer = setTimeout(
      () => fail(new RivuletError('worker', `the tab that holds the connection did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    )
    tunnel.addEventListener('message', listen)
    channel.addEventListener(
      'message',
      ({ data }: MessageEvent<unknown>) => {
        if (asDoorMessage(data)?.rivulet === 'serving') once()
      },
      { signal: settled.signal },
    )
    signal.addEventListener('abort', () => fail(signal.reason), { signal: settled.signal })
    once()
  })
}
