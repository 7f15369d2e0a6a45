import type { RpcDef, StoreDef } from '@rivulet/wire'

export declare const PollStore: StoreDef<{
  readonly question: string
  readonly votes: ReadonlyMap<string, number>
}>
export declare const PollVote: RpcDef<{ readonly answer: string }, void>
