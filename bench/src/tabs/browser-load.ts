import { readFileSync } from 'node:fs'
import type { CDPSession } from 'playwright'

/** What a whole browser has used: all of its processes, and the pages of all their tabs. */
export interface BrowserLoad {
  /** Processor time so far, milliseconds. */
  readonly cpuMs: number
  /** Memory now, bytes: proportional set size, so that what processes share counts once. Null where the system does not say (only Linux does). */
  readonly memory: number | null
}

/** Measures the browser at the other end of a browser-wide session. */
export async function browserLoad(session: CDPSession): Promise<BrowserLoad> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const cpuMs = processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0)
  if (process.platform !== 'linux') return { cpuMs, memory: null }
  return { cpuMs, memory: processInfo.reduce((sum, { id }) => sum + proportionalSize(id), 0) }
}

function proportionalSize(pid: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
  if (kilobytes === undefined) throw new Error(`The system does not say how much memory process ${pid} has.`)
  return Number(kilobytes) * 1024
}
