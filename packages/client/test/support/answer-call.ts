import { encodeValue, type RpcDef } from '@rivulet/wire'
import { structNode } from '../../src/page/struct-node.ts'
import type { CallResult } from '../../src/protocol.ts'

/** What the engine says when a host has answered a call with `result`, or with the error `text`. */
export function answerOf<Args, Result>(
  rpc: RpcDef<Args, Result>,
  result: Result,
  text: string | null = null,
): CallResult {
  const node = structNode(rpc.types, rpc.response)
  return { ok: true, bytes: encodeValue(rpc.types, node, { result, error: text }).buffer }
}
