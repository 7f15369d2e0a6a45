import type { TabSharing } from '../bridge/engine-link.ts'
import type { Delivery, EngineConfig, SessionConfig } from '../protocol.ts'
import { need } from './need.ts'
import { isDevelopment } from './development.ts'
import type { ClientOptions } from './types.ts'

const DELIVERIES: readonly Delivery[] = ['safe', 'exact', 'field', 'store']
const SHARING: readonly unknown[] = ['own', 'shared', 'leader', 'auto']
const TRANSPORTS: readonly string[] = ['websocket', 'polling']
const MAX_TIMER = 2 ** 31 - 1

/** Options with every default filled in. */
export interface ClientConfig {
  /** What the page decides for its engine. */
  readonly engine: Omit<EngineConfig, 'graceMs' | 'maxCallsInFlight' | 'maxCallsQueued'>
  readonly graceMs: number
  readonly workerStartTimeoutMs: number
  readonly worker: 'auto' | 'inline' | (() => Worker)
  readonly tabs: TabSharing
  readonly devtools: boolean
}

/** Checks the options and fills in the defaults. Throws `config`, naming the option. */
export function readOptions(options: ClientOptions): ClientConfig {
  const { path = '/socket', transports = ['websocket'], delivery = 'safe', worker = 'auto', reconnect = {} } = options
  const { auth, authenticate, onError } = options
  need(typeof path === 'string' && path.startsWith('/'), 'path', path, 'It starts with a slash, as in /socket.')
  const listed = Array.isArray(transports) && transports.length > 0 && transports.every((t) => TRANSPORTS.includes(t))
  need(listed, 'transports', transports, `A list of ${TRANSPORTS.join(', ')}; leave it out for WebSocket.`)
  need(DELIVERIES.includes(delivery), 'delivery', delivery, `Known: ${DELIVERIES.join(', ')}.`)
  const runs = worker === 'auto' || worker === 'inline' || isFunction(worker)
  need(runs, 'worker', worker, "Known: 'auto', 'inline', or a function that returns a Worker.")
  for (const [name, value] of Object.entries({ authenticate, onError }))
    need(value === undefined || isFunction(value), name, value, 'It is a function.')
  const sessions = readSessions(options.sessions)
  const { offline } = options
  need(offline === undefined || offline.maxBytes > 0, 'offline', offline, 'Make it with keepOffline().')
  const reconnectMinMs = millis('reconnect.minMs', reconnect.minMs, 500)
  const reconnectMaxMs = millis('reconnect.maxMs', reconnect.maxMs, Math.max(10_000, reconnectMinMs))
  need(reconnectMinMs <= reconnectMaxMs, 'reconnect.minMs', reconnectMinMs, 'It is at most reconnect.maxMs.')
  return {
    graceMs: millis('graceMs', options.graceMs, 1000),
    worker,
    tabs: readTabs(options),
    devtools: (options.devtools ?? isDevelopment()) !== false,
    workerStartTimeoutMs: millis('workerStartTimeoutMs', options.workerStartTimeoutMs, 5000, 1),
    engine: {
      url: absolute(options.url),
      path,
      transports,
      hasAuth: auth !== undefined,
      hasAuthenticate: authenticate !== undefined,
      authenticateTimeoutMs: millis('authenticateTimeoutMs', options.authenticateTimeoutMs, 30_000, 1),
      delivery,
      reconnectMinMs,
      reconnectMaxMs,
      callTimeoutMs: millis('callTimeoutMs', options.callTimeoutMs, 30_000, 1),
      ...(sessions === undefined ? {} : { sessions }),
      ...(offline === undefined ? {} : { offline }),
    },
  }
}

function readTabs({ tabs = 'own', identity, auth, authenticate, worker }: ClientOptions): TabSharing {
  need(SHARING.includes(tabs), 'tabs', tabs, `Known: ${SHARING.join(', ')}.`)
  need(identity === undefined || typeof identity === 'string', 'identity', identity, 'It is a string.')
  if (tabs === 'own') return tabs
  need(tabs !== 'shared' || !isFunction(worker), 'tabs', tabs, "A worker of your own is shared with 'leader'.")
  // What a function logs in as is not known here, and tabs of two users must never share.
  const known = identity !== undefined || !(isFunction(auth) || isFunction(authenticate))
  need(known, 'tabs', tabs, 'Say who is logged in, with the option identity: a user id, say.')
  return { how: tabs, identity: identity ?? JSON.stringify(auth ?? null) }
}

function readSessions(given: ClientOptions['sessions']): SessionConfig | undefined {
  if (given === undefined || given === false) return undefined
  const fits = given === true || (typeof given === 'object' && given !== null)
  need(fits, 'sessions', given, 'It is true, false, or an object of options.')
  const { attachTimeoutMs, trustResume = false } = given === true ? {} : given
  need(typeof trustResume === 'boolean', 'sessions.trustResume', trustResume, 'It is true or false.')
  return { attachTimeoutMs: millis('sessions.attachTimeoutMs', attachTimeoutMs, 10_000, 1), trustResume }
}

/** A delay in milliseconds as timers take it. Throws `config` for anything else. */
export function millis(name: string, given: number | undefined, byDefault: number, least = 0): number {
  if (given === undefined) return byDefault
  const fits = typeof given === 'number' && given >= least && given <= MAX_TIMER
  need(fits, name, given, `It is a number of milliseconds from ${least} to ${MAX_TIMER}.`)
  return given
}

/** The origin of the host. The worker has another base address than the page, so relative addresses are resolved here. Throws `config`. */
export function absolute(url: unknown): string {
  const base = typeof location === 'undefined' ? undefined : location.href
  const parses = typeof url === 'string' && URL.canParse(url, base)
  need(parses, 'url', url, 'It is the origin of the host, as in https://example.com.')
  const { protocol, pathname, origin } = new URL(url as string, base)
  need(/^(https?|wss?):$/.test(protocol), 'url', url, 'It starts with http:// or https://.')
  // Socket.IO would take it for a namespace, and the host would never answer.
  const bare = pathname === '/' || !URL.canParse(url as string)
  need(bare, 'url', url, 'It has no path; the endpoint goes into the option path.')
  return origin
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}
