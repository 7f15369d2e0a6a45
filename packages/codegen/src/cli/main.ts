import { text } from 'node:stream/consumers'
import { runCli } from './run.ts'

/**
 * Runs the program on this process: its arguments, its streams, its exit code.
 *
 * @example
 * import { main } from '@rivulet/codegen/cli'
 * await main()
 */
export async function main(): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  process.exitCode = await runCli(process.argv.slice(2), {
    cwd: process.cwd(),
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    colors: process.stdout.isTTY && process.stderr.isTTY && process.env['NO_COLOR'] === undefined,
    input: () => text(process.stdin),
    signal: stop.signal,
  })
}
