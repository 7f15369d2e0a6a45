import type { BinaryWriter } from './binary-writer.ts'
import type { Deserializable, Serializable, VarInfoStruct } from './var-info.ts'

// Classes, because generated ones extend them.

/** What generated responses look like. */
export abstract class RPCResponseStruct<RT = void> {
  result?: RT
  error: string | undefined
}

/** Base of the generated request of a call. */
export abstract class RPCStruct<RS extends RPCResponseStruct<RT>, RT> implements Serializable {
  readonly rpcBoundName: string
  readonly responseType: Deserializable<RS>

  constructor(rpcBoundName: string, responseType: Deserializable<RS>) {
    this.rpcBoundName = rpcBoundName
    this.responseType = responseType
  }

  abstract serialize(w: BinaryWriter, vi: VarInfoStruct | undefined): void
}

/** Base of the generated request of a call without an answer. */
export abstract class FFRPCStruct implements Serializable {
  readonly ffrpcBoundName: string

  constructor(ffrpcBoundName: string) {
    this.ffrpcBoundName = ffrpcBoundName
  }

  abstract serialize(w: BinaryWriter, vi: VarInfoStruct | undefined): void
}

/** Base of a generated event. */
export abstract class EventStruct {
  readonly eventBoundName: string

  constructor(eventBoundName: string) {
    this.eventBoundName = eventBoundName
  }
}

/** A generated event class. */
export type EventStructType<ES extends EventStruct> = Deserializable<ES> & { readonly eventBoundName: string }
