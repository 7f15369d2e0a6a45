import { encodeValue, type RpcDef, type SendDef, structOf, type TypeNode, type Types } from '@rivulet/wire'

/** Encoders kept for calls; an app has fewer. */
const MAX_KEPT = 1024

/** Encodes requests; see {@link createRequestEncoder}. */
export type RequestEncoder = (def: RpcDef | SendDef, args: unknown) => Uint8Array<ArrayBuffer>

/**
 * Encodes requests with one compiled encoder per method. A descriptor that crosses a thread is a new object in every call, and compiled encoders are found by identity, so the first one is kept for as
 * long as its request looks the same.
 */
export function createRequestEncoder(): RequestEncoder {
  const kept = new Map<string, { readonly types: Types; readonly node: TypeNode }>()
  return (def, args) => {
    const id = `${def.name} ${JSON.stringify(structOf(def.types, def.request))}`
    let codec = kept.get(id)
    if (codec === undefined) {
      if (kept.size >= MAX_KEPT) kept.clear()
      kept.set(id, (codec = { types: def.types, node: { kind: 'struct', ref: def.request } }))
    }
    return encodeValue(codec.types, codec.node, args)
  }
}
