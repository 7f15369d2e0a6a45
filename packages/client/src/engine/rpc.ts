import { type RpcDef, toBytes } from '@rivulet/wire'
import type { CallResult, EngineConfig, PlainError } from '../protocol.ts'
import type { Clock } from './clock.ts'
import type { RequestEncoder } from './codecs.ts'
import { ownBuffer } from './own-buffer.ts'
import { failure, plainError } from './plain-error.ts'

/** A host refuses larger requests by closing the connection (session.md §9). */
const MAX_REQUEST_BYTES: number = 16 * 1024 * 1024

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
  closed(byServer: boolean): void
  /** Ends all calls, sent or not. */
  rejectAll(error: PlainError): void
}

interface Call {
  readonly id: number
  readonly name: string
  readonly request: Uint8Array
  /** On the wire; 0 = not sent yet. */
  callID: number
  readonly settle: (result: CallResult) => void
  cancelTimer: (() => void) | null
}

export function createCalls({ config, clock, encode, emit, mayOpen }: CallsOptions): Calls {
  const calls = new Map<number, Call>()
  const waiting = new Set<Call>()
  let waitingBytes = 0
  const sent = new Map<number, Call>()
  // Given up here, but the host still works on them and counts them against its limit.
  const abandoned = new Set<number>()
  let lastID = 0

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
    if (call.callID > 0) abandoned.add(call.callID)
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
        const call: Call = { id, name: rpc.name, request, callID: 0, settle, cancelTimer: null }
        calls.set(id, call)
        waiting.add(call)
        waitingBytes += request.length
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
    closed(byServer) {
      abandoned.clear()
      const lost = [...sent.values()]
      const names = [...new Set(lost.map((c) => c.name))].slice(0, 5).join(', ')
      for (const call of lost) {
        const large = call.request.length > ENGINE_IO_BYTES
        const hint = large
          ? `The request has ${call.request.length} bytes; a host takes ${ENGINE_IO_BYTES} in one message unless maxHttpBufferSize is raised.`
          : `A host closes the connection when it does not know a method: does it have ${names}?`
        fail(
          call,
          failure('disconnected', 'the connection ended before the response', {
            store: call.name,
            ...(byServer ? { hint } : {}),
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
