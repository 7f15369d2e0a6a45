import { RivuletError } from '@rivulet/wire'
import type { StreamLease } from '../../stream-protocol.ts'

/** Where and with what right a stream is read (session.md §8). */
export interface Endpoint extends StreamLease {
  readonly url: string
  readonly token: string
}

/** Longest of a host's texts that is kept; an error text goes to the app, an address into a request line. */
const MAX_TEXT = 4096

/** What a `datastreamendpoint` says: the endpoint, or why there is none. */
export type Answer = { readonly endpoint: Endpoint } | { readonly refusal: string }

/** Reads a `datastreamendpoint`. Throws a TypeError for anything that no host sends. */
export function readAnswer({ endpoint, error }: Readonly<Record<string, unknown>>): Answer {
  if (typeof error === 'string' && error !== '') return { refusal: error.slice(0, MAX_TEXT) }
  if (typeof endpoint !== 'object' || endpoint === null) throw new TypeError('neither an endpoint nor an error')
  const { leaseID, url, token, expiresAtUnixMilli, metadata } = endpoint as Readonly<Record<string, unknown>>
  return {
    endpoint: {
      leaseID: shortText('leaseID', leaseID),
      url: shortText('url', url),
      token: shortText('token', token),
      expiresAtUnixMilli: time(expiresAtUnixMilli),
      metadata: texts(metadata),
    },
  }
}

/**
 * Refuses addresses that no data connection can have. `pageOrigin` is where the page comes from, if anywhere.
 *
 * Throws `protocol` for what is no WebSocket address, `config` for an unprotected one on a protected page: browsers would block it without saying why.
 */
export function checkAddress(url: string, pageOrigin: string | undefined): void {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:')) {
    throw new RivuletError('protocol', `"${url.slice(0, 200)}" is no address of a data stream`, {
      hint: "The host's stream broker gives out addresses that start with wss:// or ws://.",
    })
  }
  const local = /^(localhost|127(\.\d+){3}|\[::1\]|.+\.localhost)$/.test(parsed.hostname)
  if (parsed.protocol === 'ws:' && pageOrigin?.startsWith('https:') === true && !local) {
    throw new RivuletError('config', `a page on https cannot read the data stream at ${parsed.origin}`, {
      hint: 'Give the data plane a wss:// address.',
    })
  }
}

function shortText(name: string, value: unknown): string {
  if (typeof value !== 'string' || value.length > MAX_TEXT) throw new TypeError(`the endpoint's ${name} is no text`)
  return value
}

function time(value: unknown): number {
  if (value === undefined || value === null) return 0
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError("the endpoint's expiry is no time")
  return Math.max(0, value)
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {}
  const all = Object.entries(value).filter((e): e is [string, string] => typeof e[1] === 'string')
  return Object.fromEntries(all.slice(0, 64).map(([name, text]) => [name, text.slice(0, MAX_TEXT)]))
}
