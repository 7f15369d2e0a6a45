import { type RpcDef, toBytes } from '@rivulet/wire'
import type { CallResult, EngineConfig, PlainError } from '../protocol.ts'
import type { Clock } from './clock.ts'
import type { RequestEncoder } from './codecs.ts'
import { ownBuffer } from './own-buffer.ts'
import { failure, plainError } from './plain-error.ts'

/** A host refuses larger requests by closing the connection (session.md §9). */
const MAX_REQUEST_BYTES: number = 16 * 1024 * 1024

/** How often a call goes out that the host never took: it may be what the connections end of. A large request is a likely reason, a small one hardly ever. */
const MAX_TRIES = 10
const MAX_LARGE_TRIES = 3

/** What Engine.IO takes in one message by default; a host that did not raise it drops the connection (pitfall 85). */
const ENGINE_IO_BYTES = 1_000_000

/** Requests that wait together; one of any size always may. */
const MAX_WAITING_BYTES: number = 64 * 1024 * 1024

export interface CallsOptions {
  readonly config: EngineConfig
  readonly clock: Clock
  readonly encode: RequestEncoder
  /** Sends while the connection is open; false otherwise. */
  readonly emit: (event: string, message: unknown) => boolean
  /** A connection is there or on its way. */
  readonly mayOpen: () => boolean
  /** The number of the message that was sent last in this session; 0 without. */
  readonly ordinal: () => number
  /** The host has answered the message of this number. */
  readonly confirmed: (ordinal: number) => void
}

/** RPCs on their way. */
export interface Calls {
  /** Never rejects: a failure is a value. Waits for a connection, and for its turn, as long as the timeout allows. */
  call(id: number, rpc: RpcDef, args: unknown, timeoutMs: number): Promise<CallResult>
  cancel(id: number): void
  /** An `rpccallresp` of the host. */
  response(message: Readonly<Record<string, unknown>>): void
  /** The connection is open: calls that waited go out. */
  opened(): void
  /** The session goes on over a new connection. `seen` = messages that the host took; what it did not take goes out again. Null when it does not say. */
  resumed(seen: number | null): void
  /** What was sent will not be answered any more: the connection is gone, and with it the session if there was one. `hint` = why; null lets each call guess what the host disliked. */
  closed(hint?: string | null): void
  /** Ends all calls, sent or not. */
  rejectAll(error: PlainError): void
}

interface Call {
  readonly id: number
  readonly name: string
  readonly request: Uint8Array
  /** On the wire; 0 = not sent yet. */
  callID: number
  /** Its number among the session's messages. */
  ordinal: number
  tries: number
  /** It was sent over an earlier connection, and nobody knows whether it arrived. */
  doubtful: boolean
  readonly settle: (result: CallResult) => void
  cancelTimer: (() => void) | null
}

export function createCalls(options: CallsOptions): Calls {
  const { config, clock, encode, emit, mayOpen } = options
  const calls = new Map<number, Call>()
  const waiting = new Set<Call>()
  let waitingBytes = 0
  const sent = new Map<number, Call>()
  // Given up here, but the host still works on them and counts them against its limit. With their ordinals.
  const abandoned = new Map<number, number>()
  let lastID = 0

  function wait(call: Call): void {
    waiting.add(call)
    waitingBytes += call.request.length
  }

  function stopWaiting(call: Call): void {
    if (waiting.delete(call)) waitingBytes -= call.request.length
  }

  function finish(call: Call, result: CallResult): void {
    calls.delete(call.id)
    stopWaiting(call)
    sent.delete(call.callID)
    call.cancelTimer?.()
    call.settle(result)
  }

  function fail(call: Call, error: PlainError): void {
    finish(call, { ok: false, error })
  }

  function abandon(call: Call, error: PlainError): void {
    // One that may never have arrived may never be answered either, and must not hold a place for good.
    if (call.callID > 0 && !call.doubtful) abandoned.set(call.callID, call.ordinal)
    fail(call, error)
    pump()
  }

  /** Sends what may be sent. One call too many would make the host close the connection (pitfall 50). */
  function pump(): void {
    for (const call of waiting) {
      if (sent.size + abandoned.size >= config.maxCallsInFlight) return
      const callID = lastID + 1
      if (!emit('rpccall', { callID, methodName: call.name, request: call.request })) return
      lastID = callID
      call.callID = callID
      call.ordinal = options.ordinal()
      call.tries++
      stopWaiting(call)
      sent.set(callID, call)
    }
  }

  function refusal(id: number, rpc: RpcDef, request: Uint8Array): PlainError | null {
    const store = rpc.name
    if (calls.has(id)) return failure('protocol', `call ${id} is in use`, { store })
    if (request.length > MAX_REQUEST_BYTES) {
      return failure('limit', `the request has ${request.length} bytes; a host takes ${MAX_REQUEST_BYTES}`, { store })
    }
    if (
      waiting.size >= config.maxCallsQueued &&
      (sent.size + abandoned.size >= config.maxCallsInFlight || !mayOpen())
    ) {
      return failure('limit', `${config.maxCallsQueued} calls are waiting already`, {
        store,
        hint: 'Wait for some of them before calling again.',
      })
    }
    if (waiting.size > 0 && waitingBytes + request.length > MAX_WAITING_BYTES) {
      return failure('limit', `calls with ${MAX_WAITING_BYTES} bytes of requests are waiting already`, {
        store,
        hint: 'Wait for some of them before calling again.',
      })
    }
    return null
  }

  return {
    call(id, rpc, args, timeoutMs) {
      let request: Uint8Array
      try {
        request = encode(rpc, args)
      } catch (e) {
        return Promise.resolve({ ok: false, error: plainError(e, 'invalid-value', { store: rpc.name }) })
      }
      const refused = refusal(id, rpc, request)
      if (refused !== null) return Promise.resolve({ ok: false, error: refused })
      return new Promise((settle) => {
        const call: Call = {
          id,
          name: rpc.name,
          request,
          callID: 0,
          ordinal: 0,
          tries: 0,
          doubtful: false,
          settle,
          cancelTimer: null,
        }
        calls.set(id, call)
        wait(call)
        if (timeoutMs > 0 && Number.isFinite(timeoutMs)) {
          call.cancelTimer = clock.after(timeoutMs, () => {
            const hint =
              call.callID === 0
                ? 'It was never sent: there was no connection, or too many calls were ahead of it.'
                : 'The host may still run it.'
            abandon(call, failure('timeout', `no response within ${timeoutMs} ms`, { store: call.name, hint }))
          })
        }
        pump()
        if (waiting.size > config.maxCallsQueued) {
          fail(
            call,
            failure('limit', `${config.maxCallsQueued} calls are waiting already`, {
              store: rpc.name,
              hint: 'Wait for some of them before calling again.',
            }),
          )
        }
      })
    },
    cancel(id) {
      const call = calls.get(id)
      if (call !== undefined) abandon(call, failure('aborted', 'the call was cancelled', { store: call.name }))
    },
    response({ callID, response, error }) {
      const call = sent.get(callID as number)
      if (call === undefined) {
        // Late answers to calls that were given up are normal; an id that was never used is the host's mistake and harms nobody (pitfall 24).
        if (abandoned.delete(callID as number)) pump()
        return
      }
      options.confirmed(call.ordinal)
      if (error !== null && error !== undefined) {
        const { message } = Object(error) as { message?: unknown }
        fail(
          call,
          failure('rpc', typeof message === 'string' ? message : 'the host refused the call', { store: call.name }),
        )
      } else {
        try {
          finish(call, { ok: true, bytes: ownBuffer(toBytes(response)) })
        } catch (e) {
          fail(
            call,
            failure('protocol', `the response has no bytes (${plainError(e, 'protocol').what})`, { store: call.name }),
          )
        }
      }
      pump()
    },
    opened: pump,
    resumed(seen) {
      if (seen === null) {
        abandoned.clear()
        for (const call of sent.values()) call.doubtful = true
        return
      }
      for (const [callID, ordinal] of abandoned) if (ordinal > seen) abandoned.delete(callID)
      const missed = [...sent.values()].filter((call) => call.ordinal > seen)
      const later = [...waiting]
      for (const call of later) stopWaiting(call)
      for (const call of missed) {
        sent.delete(call.callID)
        const large = call.request.length > ENGINE_IO_BYTES
        if (call.tries >= (large ? MAX_LARGE_TRIES : MAX_TRIES)) {
          const what = `${call.tries} connections ended before the host took the call`
          const hint = large ? closedHint(call.request, []) : 'It was not run. Is something between you and the host?'
          fail(call, failure('disconnected', what, { store: call.name, hint }))
          continue
        }
        call.callID = 0
        wait(call)
      }
      for (const call of later) wait(call)
    },
    closed(hint) {
      abandoned.clear()
      const lost = [...sent.values()]
      const names = [...new Set(lost.map((c) => c.name))].slice(0, 5)
      for (const call of lost) {
        fail(
          call,
          failure('disconnected', 'the connection ended before the response', {
            store: call.name,
            ...(hint === undefined ? {} : { hint: hint ?? closedHint(call.request, names) }),
          }),
        )
      }
    },
    rejectAll(error) {
      for (const call of calls.values()) fail(call, { ...error, store: call.name })
      abandoned.clear()
    },
  }
}

/** Why a host may have closed the connection. */
function closedHint(request: Uint8Array, names: readonly string[]): string {
  return request.length > ENGINE_IO_BYTES
    ? `The request has ${request.length} bytes; a host takes ${ENGINE_IO_BYTES} in one message unless maxHttpBufferSize is raised.`
    : `A host closes the connection when it does not know a method: does it have ${names.join(', ')}?`
}
