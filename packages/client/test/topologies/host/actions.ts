/** What a test can make its host do. Everything that passes is plain JSON, because it goes from the page to the test runner and on to the host's process. */
export interface HostActions {
  /** The state is as in the beginning, all counters are 0, and nobody is kept out or waited for. */
  reset(): void
  title(title: string): void
  row(id: string, name: string, x: number, y: number): void
  removeRow(id: string): void
  /** As many rows as that, `r0` and so on, in the place of those that there were. */
  rows(count: number): void
  tick(n: number): void
  sound(key: string, n: number): void
  /** Sends everybody a delta that cannot be decoded. */
  nonsense(): void
  /** Ends every connection. */
  cut(): void
  /** Whether new connections are turned away. */
  refuse(refusing: boolean): void
  /** Answers the calls that wait. */
  release(): void
  /** Sends frames `from` to `to` of a stream to all its readers. Returns how many readers that were. */
  units(key: string, from: number, to: number, bytes: number): number
  report(): HostReport
}

/** What the host has seen since the last `reset`; connections, keys and readers as they are now. */
interface HostReport {
  readonly connections: number
  readonly accepted: number
  readonly polling: number
  /** Keys of the board that are subscribed on the connections there are now, sorted. */
  readonly keys: readonly string[]
  /** Arguments of the calls, in order. */
  readonly calls: readonly (readonly [x: number, y: number])[]
  readonly pokes: readonly (readonly [x: number, y: number])[]
  readonly waiting: number
  /** The `auth` payloads of the connections that were let in. */
  readonly auths: readonly unknown[]
  readonly logins: readonly unknown[]
  readonly sessions: number
  readonly readers: number
  readonly leases: number
}

/** Test → host. */
export interface HostRequest {
  readonly id: number
  readonly action: keyof HostActions
  readonly args: readonly unknown[]
}

/** Host → test; the first one, with id 0, says where it listens. */
export interface HostReply {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}
