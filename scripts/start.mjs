// `npm start`: runs the demo until a signal ends it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { main, UserError } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { modernNode, toolEnv } from './lib/modern-node.mjs'
import { root } from './lib/root.mjs'

const grouped = process.platform !== 'win32'

function signalAll(child, signal) {
  try {
    if (grouped) process.kill(-child.pid, signal)
    else child.kill(signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error // ESRCH: the whole group has ended, which is what we want
  }
}

await main(async () => {
  await ensureInstalled()
  const entry = join(root, 'demo-tictactoe/scripts/dev.mjs')
  if (!existsSync(entry)) throw new UserError('the demo is incomplete: demo-tictactoe/scripts/dev.mjs does not exist.')

  // A process group of its own: whatever the demo starts can be ended with it, so no port stays taken.
  const child = spawn(modernNode(), [entry, ...process.argv.slice(2)], {
    cwd: join(root, 'demo-tictactoe'),
    detached: grouped,
    env: toolEnv(),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A second Ctrl-C is an impatient user.
      signalAll(child, stopping ? 'SIGKILL' : signal)
      stopping = true
    })
  }
  // npm starts scripts through a shell, and a shell that is told to end does not tell us: being orphaned is the only sign.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return
    signalAll(child, stopping ? 'SIGKILL' : 'SIGTERM')
    stopping = true
  }, 1000)
  const [code, signal] = await once(child, 'exit')
  clearInterval(watch)
  signalAll(child, 'SIGTERM')
  return stopping ? 0 : (code ?? 128 + constants.signals[signal])
})
