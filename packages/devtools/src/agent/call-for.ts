import type { Probe } from '@rivulet/client/inspect'
import { decodeValue, encodeValue, type RpcDef, type SendDef } from '@rivulet/wire'
import type { AgentAnswer } from '../protocol.ts'

/** Makes a call, or sends, as the app would. `args` and the response are in wire bytes of their structs. Rejects as `client.call` does, and with the wire's errors for arguments that do not decode. */
export async function callFor(client: Probe['client'], def: RpcDef | SendDef, args: ArrayBuffer): Promise<AgentAnswer> {
  const value = decodeValue(def.types, { kind: 'struct', ref: def.request }, new Uint8Array(args))
  const began = performance.now()
  if (def.kind === 'send') {
    await client.send(def, value)
    return { type: 'done' }
  }
  const result = await client.call(def, value)
  const took = performance.now() - began
  const response = encodeValue(def.types, { kind: 'struct', ref: def.response }, { result, error: null })
  return { type: 'called', took, response: response.slice().buffer }
}
