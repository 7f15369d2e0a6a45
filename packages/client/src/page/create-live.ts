import { RivuletError } from '@rivulet/wire'
import { transfer } from 'comlink'
import type { StartEngine } from '../bridge/engine-link.ts'
import { asRivuletError, fromPlainError, toPlainError } from '../plain-error.ts'
import type { EngineMessage, LoginLink, PageHooks } from '../protocol.ts'
import { createCalls } from './calls.ts'
import { createEvents } from './events.ts'
import { createFollowing } from './following.ts'
import type { Live, LiveSetup } from './live.ts'
import { readSlot } from './read-slot.ts'
import { whenLeaving } from './when-leaving.ts'
import { createSession } from './session.ts'
import { createStreamGate } from './stream-gate.ts'
import { ringBytesOf } from './ring-bytes.ts'
import type { ClientOptions } from './types.ts'

/**
 * The live part of a client, on an engine started by `start`.
 *
 * @example
 * const client = createClientWith({ url }, () => (setup) => createLive(start, setup))
 */
export function createLive(start: StartEngine, { options, config, connection, observation, report }: LiveSetup): Live {
  let wanted = false
  const ringBytes = ringBytesOf(options.devtools, report)
  let running: Promise<void> | undefined
  const request = {
    config: {
      ...config.engine,
      // The page has waited already when it gives a path up.
      graceMs: 0,
      maxCallsInFlight: 128,
      maxCallsQueued: 4096,
      ...(ringBytes === 0 ? {} : { ringBytes }),
    },
    hooks: createHooks(options),
    worker: config.worker,
    tabs: config.tabs,
    timeoutMs: config.workerStartTimeoutMs,
  }
  const session = createSession(start, request, {
    message,
    started(control) {
      following.replay(control)
      events.replay(control)
      streams.replay()
      if (wanted) session.tell((c) => c.connect())
    },
    lost(error) {
      following.mark('stale')
      streams.lost('reconnecting', error)
      down(error)
    },
    failed(error) {
      following.mark('error', error)
      streams.lost('error', error)
      down(error)
    },
    gap: (error) => following.resync(error),
    report,
  })
  const following = createFollowing(session, config.graceMs, report, observation)
  const events = createEvents(session, config.graceMs, report)
  const streams = createStreamGate(session, config.graceMs, report)
  const calls = createCalls(session, config.engine.callTimeoutMs, ringBytes > 0)
  const stay = config.engine.offline && whenLeaving(() => session.tell((control) => control.saveOffline()))

  function message(m: EngineMessage): void {
    switch (m.type) {
      case 'patch':
        following.patch(m.buffer)
        return
      case 'event':
        events.deliver(m.listener, m.time, m.bytes)
        return
      case 'refused':
        // Whoever started the engine has heard it and starts another.
        return
      case 'connection':
        connection.set(m.status)
        return
      case 'error':
        report(fromPlainError(m.error))
        return
      default:
        report(new RivuletError('protocol', `unknown message "${(m as { type: string }).type}" from the engine`))
    }
  }

  function down(error?: RivuletError): void {
    const { clockOffset } = connection.get()
    connection.set({
      state: 'disconnected',
      since: Date.now(),
      attempt: 0,
      clockOffset,
      ...(error === undefined ? {} : { error: toPlainError(error, error.code) }),
    })
  }

  /** The connection belongs to other tabs too, so only this page's part in it ends. */
  function leaveOthers(): void {
    const error = new RivuletError('disconnected', 'the client disconnected')
    session.leave(error)
    following.mark('stale')
    streams.lost('reconnecting', error)
    down()
  }

  return {
    ...calls,
    mode: session.mode,
    readSlot,
    hold: (store, node) => following.hold(store, node),
    release: (store, node) => following.release(store, node),
    on: (event, key, listener) => events.on(event, key, listener),
    openStream: (entry) => streams.open(entry),
    closeStream: (entry) => streams.close(entry),
    connect() {
      wanted = true
      session.begin()
      session.tell((control) => control.connect())
    },
    disconnect() {
      wanted = false
      if (config.tabs === 'own') session.tell((control) => control.disconnect())
      else leaveOthers()
    },
    async inspect(port) {
      // One for all who wait, because the session has room for few.
      running ??= session.ask(() => Promise.resolve()).promise.finally(() => (running = undefined))
      await running
      return session.ask(async (control) => {
        await control.inspect(transfer(port, [port]))
        return new Promise<never>(() => undefined)
      }).promise
    },
    end(error) {
      stay?.()
      following.clear()
      events.clear()
      streams.clear(error)
      return session.end(error)
    },
  }
}

function createHooks({ auth, authenticate }: ClientOptions): PageHooks {
  return {
    async auth() {
      return (typeof auth === 'function' ? await auth() : auth) ?? {}
    },
    async authenticate(link: LoginLink) {
      try {
        await authenticate?.(link)
        return null
      } catch (e) {
        return toPlainError(asRivuletError(e, 'unauthenticated'), 'unauthenticated')
      }
    },
  }
}
