import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { modernNode, toolEnv } from './modern-node.mjs'

const grouped = process.platform !== 'win32'

function signalAll(child, signal) {
  try {
    if (grouped) process.kill(-child.pid, signal)
    else child.kill(signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error // ESRCH: the whole group has ended, which is what we want
  }
}

/**
 * Runs a script in `folder` until it ends or a signal ends it, together with everything that it started.
 *
 * @param {string} folder
 * @param {string} entry
 * @param {readonly string[]} [args]
 * @returns {Promise<number>} the exit code; 0 when it was told to stop
 */
export async function runApp(folder, entry, args = []) {
  // A process group of its own: whatever the app starts can be ended with it, so no port stays taken.
  const child = spawn(modernNode(), [entry, ...args], {
    cwd: folder,
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
}
