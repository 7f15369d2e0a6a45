import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { HostHealth } from '@rivulet/server'
import { modernNode } from '../../../scripts/lib/modern-node.mjs'
import type { HostKind, LedgerOptions } from './ledger-host.ts'
import type { LedgerStoreState } from '../generated/schema.ts'

/** What a ledger process can be told. */
export type LedgerCommand =
  | {
      readonly do: 'tick'
      /** 0 stops. */
      readonly perSecond: number
      readonly rows: number
      readonly noteBytes: number
      /** Steps in all. */
      readonly most: number
    }
  | { readonly do: 'step'; readonly rows: number; readonly noteBytes: number }
  | { readonly do: 'report' }

/** How a ledger process is, after a garbage collection. */
export interface LedgerReport {
  readonly kind: 'report'
  readonly state: LedgerStoreState
  readonly health: Readonly<Record<HostKind, HostHealth>>
  /** Memory in use: the heap and the buffers outside it. */
  readonly bytes: number
}

/** What a ledger process says. */
export type LedgerNews = { readonly kind: 'open'; readonly ports: Readonly<Record<HostKind, number>> } | LedgerReport

/** A ledger in a process of its own. */
export interface LedgerProcess {
  readonly ports: Readonly<Record<HostKind, number>>
  tick(
    perSecond: number,
    options?: { readonly rows?: number; readonly noteBytes?: number; readonly most?: number },
  ): void
  step(rows: number, noteBytes?: number): void
  report(): Promise<LedgerReport>
  /** SIGKILL: no goodbye to anybody. */
  kill(): Promise<void>
}

const PROGRAM = fileURLToPath(new URL('ledger-process.ts', import.meta.url))

/** Starts one; resolves once it serves. */
export async function startLedgerProcess(options: Omit<LedgerOptions, 'host'>): Promise<LedgerProcess> {
  const child = fork(PROGRAM, [JSON.stringify(options)], {
    execPath: modernNode(),
    execArgv: ['--conditions=rivulet-source'],
    // Maps stay maps.
    serialization: 'advanced',
  })
  const died = once(child, 'exit')
  const next = async <K extends LedgerNews['kind']>(kind: K): Promise<Extract<LedgerNews, { kind: K }>> => {
    const news = await Promise.race([
      once(child, 'message').then(([message]) => message as LedgerNews),
      died.then(() => {
        throw new Error(`the ledger process ended before it said "${kind}"`)
      }),
    ])
    if (news.kind !== kind) throw new Error(`the ledger process said "${news.kind}" instead of "${kind}"`)
    return news as Extract<LedgerNews, { kind: K }>
  }
  const tell = (command: LedgerCommand): void => void child.send(command)
  const { ports } = await next('open')

  return {
    ports,
    tick: (perSecond, { rows = 3, noteBytes = 0, most = Number.MAX_SAFE_INTEGER } = {}) =>
      tell({ do: 'tick', perSecond, rows, noteBytes, most }),
    step: (rows, noteBytes = 0) => tell({ do: 'step', rows, noteBytes }),
    report() {
      const news = next('report')
      tell({ do: 'report' })
      return news
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await died
    },
  }
}
