import type { Probe } from '@rivulet/client/inspect'
import type { OnceLoaded } from '../once-loaded.ts'
import type { AgentMessage, ClientInfo } from '../protocol.ts'
import type * as values from './values.ts'

/** One panel, as the agent sees it. */
export interface PanelLine {
  send(message: AgentMessage): void
  /** A client was made, or has ended. */
  client(probe: Probe, step: 'made' | 'ended'): void
  end(): void
}

/** The clients that an agent knows, and what its panels share. */
export interface AgentPage {
  find(client: string): Probe | undefined
  /** Whose values a store of a client shows, by both their names. */
  readonly showing: Map<string, PanelLine>
  /** What reads and writes values. */
  readonly values: OnceLoaded<typeof values>
  /** Shows the client's patches in the profiler, as long as somebody wants that. */
  track(probe: Probe): () => void
}

/** What panels are told of a client. */
export function infoOf({ id, url }: Probe): ClientInfo {
  return { id, url, page: typeof document === 'undefined' ? '' : `${document.title} ${document.location.href}`.trim() }
}

/** The key of a store of a client in {@link AgentPage.showing}. */
export function showKey(client: string, store: string): string {
  return JSON.stringify([client, store])
}

/** The client of such a key. */
export function clientOf(key: string): string {
  return (JSON.parse(key) as [string, string])[0]
}
