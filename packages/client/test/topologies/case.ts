import type * as api from '../../src/index.ts'
import type {
  CallOptions,
  Client,
  ClientOptions,
  Condition,
  DataStream,
  KeysOptions,
  PageStore,
  RivuletError,
  SessionOptions,
  StreamOptions,
} from '../../src/index.ts'
import type { Board } from '../support/board.ts'
import type { HostLink } from './host/link.ts'
import type { OtherTab } from './other-tab.ts'
import type { Topology } from './topologies.ts'

/** Everything public that a client has, by name. A case says what of it it covers; coverage.node.test.ts holds it to that. */
export interface Surface {
  readonly Client: keyof Client
  readonly PageStore: keyof PageStore<unknown>
  readonly DataStream: keyof DataStream
  readonly ClientOptions: keyof ClientOptions
  readonly SessionOptions: keyof SessionOptions
  readonly CallOptions: keyof CallOptions
  readonly StreamOptions: keyof StreamOptions
  readonly KeysOptions: keyof KeysOptions
  readonly Condition: keyof Condition
  readonly index: keyof typeof api
}

/** One member of it, as in `Client.call`. */
export type Member = { [K in keyof Surface]: `${K}.${Surface[K]}` }[keyof Surface]

/** A client under test, in its topology. */
export interface Opened {
  readonly client: Client
  readonly board: PageStore<Board>
  /** What was reported since the client runs. */
  readonly errors: RivuletError[]
  /** The client of another tab that uses the same engine; null where nobody else does. */
  readonly other: Client | null
}

/** What a case has to work with. */
export interface Rig extends Opened {
  readonly topology: Topology
  readonly host: HostLink
  /** Opens another client in the same topology, for the length of the case. `tab`: where its companion lives. */
  readonly open: (options: Partial<ClientOptions>, tab?: OtherTab) => Promise<Opened>
  /** Opens a further tab for the length of the case. */
  readonly openTab: () => Promise<OtherTab>
  /** Does this at the end of the case, however it ends. */
  readonly atEnd: (then: () => unknown) => void
}

/** One behaviour of the client, which is the same wherever the engine runs. */
export interface Case {
  readonly name: string
  readonly covers: readonly Member[]
  /** Options that only this case wants: it gets a client of its own. */
  readonly options?: () => Partial<ClientOptions>
  /** Where it makes sense; everywhere when absent. */
  readonly where?: (topology: Topology) => boolean
  readonly run: (rig: Rig) => Promise<void>
}
