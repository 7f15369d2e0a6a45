import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Host } from './host-types.ts'

/** Where an orchestrator asks. */
export interface HealthCheckPaths {
  /** Is the process worth keeping? 200 until the host is closed. `/livez` by default. */
  readonly live?: string
  /** Should new viewers be sent here? 200 while the host serves, 503 while it starts, drains or is closed. `/readyz` by default. */
  readonly ready?: string
}

/**
 * Answers an orchestrator's questions from `host.health()`, as JSON. Returns whether the request was one of them, so that it can stand in front of a request listener of your own; a host with a `port` of
 * its own has one already (`healthChecks`).
 *
 * @example
 * const check = createHealthChecks(host)
 * const server = createServer((request, reply) => void (check(request, reply) || app(request, reply)))
 */
export function createHealthChecks(
  host: Pick<Host, 'health'>,
  paths: HealthCheckPaths = {},
): (request: IncomingMessage, reply: ServerResponse) => boolean {
  const { live = '/livez', ready = '/readyz' } = paths
  return (request, reply) => {
    const path = request.url?.split('?', 1)[0]
    if ((path !== live && path !== ready) || (request.method !== 'GET' && request.method !== 'HEAD')) return false
    const health = host.health()
    const good = path === live ? health.status !== 'closed' : health.status === 'ok'
    const body = JSON.stringify(health)
    reply.writeHead(good ? 200 : 503, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    })
    reply.end(request.method === 'HEAD' ? undefined : body)
    return true
  }
}

/** All that a server of the host's own answers besides viewers. */
export function onlyHealthChecks(check: ReturnType<typeof createHealthChecks> | null): RequestListener {
  return (request, reply) => {
    if (check === null || !check(request, reply)) reply.writeHead(404).end()
  }
}
