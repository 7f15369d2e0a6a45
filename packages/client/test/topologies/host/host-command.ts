import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { modernNode, toolEnv } from '../../../../../scripts/lib/modern-node.mjs'
import type { HostReply } from './actions.ts'

/** A host's process, and who waits for its answers. */
interface Running {
  readonly child: ChildProcess
  readonly asked: Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>
  last: number
}

const hosts = new Map<string, Running>()

/**
 * What tests in a browser reach their host through (`commands.topologyHost` of Vitest; it runs in the test runner). `start` resolves with the host's address, `stop` ends it; the rest is {@link HostActions}.
 * `name` says which host: each test file has its own.
 */
export async function topologyHost(
  _context: unknown,
  name: string,
  action: string,
  ...args: readonly unknown[]
): Promise<unknown> {
  if (action === 'start') return start(name)
  const host = hosts.get(name)
  if (host === undefined) throw new Error(`the host ${name} does not run`)
  if (action === 'stop') {
    hosts.delete(name)
    host.child.disconnect()
    return null
  }
  const id = ++host.last
  const answer = answerOf(host, id)
  host.child.send({ id, action, args })
  return answer
}

function answerOf({ asked }: Running, id: number): Promise<unknown> {
  return new Promise((resolve, reject) => asked.set(id, { resolve, reject }))
}

async function start(name: string): Promise<unknown> {
  const child = fork(fileURLToPath(new URL('./process.ts', import.meta.url)), {
    execPath: modernNode(),
    execArgv: ['--conditions=rivulet-source'],
    env: toolEnv(),
  })
  const host: Running = { child, asked: new Map(), last: 0 }
  const listening = answerOf(host, 0)
  hosts.set(name, host)
  child.on('message', ({ id, result, error }: HostReply) => {
    const who = host.asked.get(id)
    host.asked.delete(id)
    if (error === undefined) who?.resolve(result)
    else who?.reject(new Error(error))
  })
  const ended = (why: string): void => {
    for (const { reject } of host.asked.values()) reject(new Error(why))
    host.asked.clear()
  }
  child.on('error', (e) => ended(`the host did not start: ${e.message}`))
  child.on('exit', (code) => ended(`the host has ended with ${String(code)}`))
  return listening
}
