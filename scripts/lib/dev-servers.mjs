import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const vite = join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin/vite.js')

// A port counts as taken when either family is: Vite and browsers resolve "localhost" to ::1 as well.
async function isFree(port) {
  for (const host of ['127.0.0.1', '::1', undefined]) {
    const probe = createServer()
    try {
      probe.listen({ port, host })
      await once(probe, 'listening')
    } catch (error) {
      // No IPv6 here: then nobody can have taken the port there.
      if (error.code !== 'EADDRNOTAVAIL' && error.code !== 'EAFNOSUPPORT') return false
    } finally {
      probe.close()
    }
  }
  return true
}

async function freePort(first, except) {
  for (let port = first; port < first + 100; port++) if (port !== except && (await isFree(port))) return port
  throw new Error(`no free port between ${first} and ${first + 99}`)
}

function portFrom(name, fallback) {
  const text = process.env[name]
  if (text === undefined || text === '') return fallback
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_435) throw new Error(`${name}=${text} is not a port`)
  return port
}

function start(cwd, label, args, env) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    createInterface({ input: from }).on('line', (line) => void to.write(`[${label}] ${line}\n`))
  }
  return child
}

async function answers(port) {
  const socket = connect(port, 'localhost')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    // Not yet; the caller tries again.
    return false
  } finally {
    socket.destroy()
  }
}

/**
 * Runs an app's host (`host/main.ts`) and its web app (Vite), both restarted or reloaded on edit, until a signal ends it.
 * PORT and WEB_PORT say where to start looking for free ports; the web app learns of the host by GAME_SERVER.
 *
 * @param {{ folder: string, title: string }} app `title: URL` is printed once both answer
 * @returns {Promise<number>} the exit code: 0 when a signal ended it
 */
export async function runDevServers({ folder, title }) {
  const hostPort = await freePort(portFrom('PORT', 8080))
  const webPort = await freePort(portFrom('WEB_PORT', 5173), hostPort)

  // The configuration is loaded by Node itself: the condition then holds for what that imports, too.
  const loading = ['--configLoader', 'native']
  const options = [...loading, '--port', String(webPort), '--strictPort', '--clearScreen', 'false']
  const children = [
    start(folder, 'host', ['--watch', '--watch-preserve-output', '--conditions=rivulet-source', 'host/main.ts'], {
      PORT: String(hostPort),
    }),
    start(folder, 'web', ['--conditions=rivulet-source', vite, ...options], {
      GAME_SERVER: `http://localhost:${hostPort}`,
    }),
  ]

  let stopping = false
  function stop(signal) {
    // A second signal is an impatient user.
    for (const child of children) child.kill(stopping ? 'SIGKILL' : signal)
    stopping = true
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal))

  let exitCode = 0
  const ended = children.map(async (child) => {
    const [code] = await once(child, 'exit')
    if (stopping) return
    exitCode = code || 1
    stop('SIGTERM')
  })

  const ready = async () => (await answers(hostPort)) && (await answers(webPort))
  for (let up = await ready(); !up; up = stopping || (await ready())) await sleep(100)
  if (!stopping) console.log(`\n${title}: http://localhost:${webPort}   (host: http://localhost:${hostPort}/socket)\n`)

  await Promise.all(ended)
  return exitCode
}
