import type { RivuletErrorCode } from '@rivulet/wire'

/** Where the host writes what its operator should know, as text. `console` is one. */
export interface HostLogger {
  warn(message: string, detail?: unknown): void
  error(message: string, detail?: unknown): void
}

/** How much a record matters: `debug` for single viewers that come and go, `info` for the life of the host, `warn` for viewers that were closed, `error` for failures of the application. */
export type HostLogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One thing that happened, as data. */
export interface HostLogRecord {
  /** Unix milliseconds. */
  readonly time: number
  readonly level: HostLogLevel
  /**
   * What happened, for machines: `host.listening`, `host.draining`, `host.closed`, `viewer.connected`, `viewer.disconnected`, `viewer.dropped` (the host closed it), `session.ended` (more waited than may),
   * `application.failed` (a handler, a listener or a lookup threw).
   */
  readonly event: string
  /** The same for people. */
  readonly message: string
  /** `Viewer.id` of the connection that it is about. */
  readonly viewer?: string
  /** Why a viewer was dropped. */
  readonly code?: RivuletErrorCode
  /** Why a connection ended, in Socket.IO's words. */
  readonly reason?: string
  readonly error?: unknown
  /** Whatever else is known, as plain data. */
  readonly detail?: unknown
}

/** What a record is about. */
type HostLogFields = Omit<HostLogRecord, 'time' | 'level' | 'event' | 'message'>

/** The host's own end of its logs. Nothing that a logger does comes back. */
export type HostLog = (level: HostLogLevel, event: string, message: string, fields?: HostLogFields) => void

/** Puts text logger and record hook behind one function; `warn` and `error` go to the text logger, everything goes to the hook. One that throws is not asked again for that record. */
export function createHostLog(logger: HostLogger | null, hook: ((record: HostLogRecord) => void) | undefined): HostLog {
  return (level, event, message, fields = {}) => {
    if (level === 'warn' || level === 'error') quietly(() => write(logger, level, message, fields))
    if (hook !== undefined) quietly(() => hook({ time: Date.now(), level, event, message, ...fields }))
  }
}

function write(logger: HostLogger | null, level: 'warn' | 'error', message: string, fields: HostLogFields): unknown {
  const detail = fields.detail ?? fields.error
  // The console would print an absent detail.
  return detail === undefined ? logger?.[level](message) : logger?.[level](message, detail)
}

// There is nobody left to tell: the logs are where failures are reported. A hook may be asynchronous, whatever its type says.
function quietly(work: () => unknown): void {
  try {
    const result = work()
    if (result instanceof Promise) result.catch(ignore)
  } catch (e) {
    ignore(e)
  }
}

function ignore(_failure: unknown): void {
  // See `quietly`.
}
