import { decodeValue, type RivuletError, type RpcDef, type SendDef } from '@rivulet/wire'
import { until } from '../../packages/server/test/support/until.ts'
import type { RecordedDefs } from './recorded-schema.ts'
import { attachment, type RecordedStep } from './recording.ts'
import { decodable, expectBytes, type Viewer } from './replayed-viewer.ts'

/** How a call ended. */
export type CallOutcome =
  | { readonly result: unknown }
  | { readonly error: string }
  | { readonly refused: true }
  | 'pending'

interface Call {
  readonly method: string
  readonly viewer: Viewer
  /** As it was recorded; ours may have another. */
  readonly callID: number
  got: CallOutcome
  expected: CallOutcome
}

/** The calls of a replay: made as they were recorded, and what became of them. */
export interface ReplayedCalls {
  /** Makes the client call, and compares what it sends. */
  call(viewer: Viewer, step: RecordedStep): Promise<void>
  /** The same without response. */
  send(viewer: Viewer, step: RecordedStep): Promise<void>
  /** Notes a recorded answer, and gives `json` the id that the client has used. */
  answered(viewer: Viewer, step: RecordedStep, json: Record<string, unknown>): void
  /** The connection has ended for good: what was not answered must be refused. */
  refused(viewer: Viewer): void
  /** Waits until every call that was answered has settled. */
  settled(viewer: Viewer): Promise<void>
  /** The calls that were answered or refused. */
  outcomes(): { readonly method: string; readonly got: CallOutcome; readonly expected: CallOutcome }[]
}

export function createReplayedCalls(defs: RecordedDefs): ReplayedCalls {
  const calls: Call[] = []

  async function sent(viewer: Viewer, before: number, event: string, step: RecordedStep): Promise<number> {
    const { methodName } = step.json as { readonly methodName: string }
    const message = await until(
      () => viewer.wire.sent.slice(before).find((m) => m.event === event && m.json['methodName'] === methodName),
      `${step.conn} to send ${event} ${methodName}`,
    )
    expectBytes(message.json['request'], attachment(step), methodName)
    return Number(message.json['callID'])
  }

  return {
    async call(viewer, step) {
      const { callID, methodName } = step.json as { readonly callID: number; readonly methodName: string }
      const rpc: RpcDef = defs.rpcs.get(methodName) ?? {
        kind: 'rpc',
        name: methodName,
        request: 'HarborStore.Ping request',
        response: 'HarborStore.Ping response',
        types: defs.types,
      }
      const args = decodeValue(rpc.types, { kind: 'struct', ref: rpc.request }, attachment(step))
      const call: Call = { method: methodName, viewer, callID, got: 'pending', expected: 'pending' }
      calls.push(call)
      const before = viewer.wire.sent.length
      viewer.client.call(rpc, args).then(
        (result) => (call.got = { result }),
        (error: RivuletError) => (call.got = error.code === 'rpc' ? { error: error.what } : { refused: true }),
      )
      viewer.callIds.set(callID, await sent(viewer, before, 'rpccall', step))
    },
    async send(viewer, step) {
      const { methodName } = step.json as { readonly methodName: string }
      const def: SendDef = defs.sends.get(methodName) ?? {
        kind: 'send',
        name: methodName,
        request: 'HarborStore.Ping request',
        types: defs.types,
      }
      const args = decodable(() => decodeValue(def.types, { kind: 'struct', ref: def.request }, attachment(step)))
      if (args === undefined) return
      const before = viewer.wire.sent.length
      await viewer.client.send(def, args)
      await sent(viewer, before, 'ffrpc', step)
    },
    answered(viewer, step, json) {
      const callID = json['callID'] as number
      json['callID'] = viewer.callIds.get(callID) ?? callID
      const call = calls.find((c) => c.viewer === viewer && c.callID === callID && c.expected === 'pending')
      if (call === undefined) return
      const refusal = json['error'] as { message: string } | null
      if (refusal !== null) {
        call.expected = { error: refusal.message }
        return
      }
      const rpc = defs.rpcs.get(call.method)
      if (rpc === undefined) return
      const response = decodeValue(rpc.types, { kind: 'struct', ref: rpc.response }, attachment(step)) as {
        result?: unknown
        error: string | null
      }
      call.expected = response.error === null ? { result: response.result } : { error: response.error }
    },
    refused(viewer) {
      for (const call of calls)
        if (call.viewer === viewer && call.expected === 'pending') call.expected = { refused: true }
    },
    async settled(viewer) {
      const answered = calls.filter((c) => c.viewer === viewer && c.expected !== 'pending')
      await until(() => answered.every((c) => c.got !== 'pending'), 'all answered calls to settle')
    },
    outcomes: () =>
      calls.filter((c) => c.expected !== 'pending').map(({ method, got, expected }) => ({ method, got, expected })),
  }
}
