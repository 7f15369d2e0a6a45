import { payloadsOf } from '../history.ts'
import type { Recording } from '../recording.ts'

/** What the host answered to calls while it was recorded. */
export interface RecordedAnswers {
  /** The response to a call with these arguments: that of a recorded call with the same, each once and the last again and again; undefined when there is none. */
  answer(method: string, request: Uint8Array): ArrayBuffer | undefined
}

interface Call {
  readonly request: Uint8Array
  readonly response: ArrayBuffer
  used: boolean
}

/** Finds the calls of a recording that were answered. */
export function recordedAnswers(recording: Recording): RecordedAnswers {
  const payloads = payloadsOf(recording)
  const asked = new Map<number, { readonly name: string; readonly request: Uint8Array }>()
  const calls = new Map<string, Call[]>()
  for (const entry of recording.ring.entries) {
    if (entry.type !== 'frame' || entry.call === undefined) continue
    const bytes = payloads.get(entry.seq)
    if (entry.kind === 'rpccall' && entry.name !== undefined) {
      asked.set(entry.call, { name: entry.name, request: new Uint8Array(bytes ?? new ArrayBuffer(0)) })
    } else if (entry.kind === 'rpccallresp' && bytes !== undefined && entry.error === undefined) {
      const call = asked.get(entry.call)
      if (call === undefined) continue
      const known = calls.get(call.name) ?? []
      calls.set(call.name, known)
      known.push({ request: call.request, response: bytes, used: false })
    }
  }
  return {
    answer(method, request) {
      const same = (calls.get(method) ?? []).filter((call) => equal(call.request, request))
      const call = same.find(({ used }) => !used) ?? same.at(-1)
      if (call === undefined) return undefined
      call.used = true
      return call.response
    },
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
