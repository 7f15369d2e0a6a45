import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { io } from 'socket.io-client'
import { expect, test, vi } from 'vitest'

const script = fileURLToPath(new URL('../scripts/dev.mjs', import.meta.url))

/** Below the ports that the system hands out: the ones above it are for the script, and no other test must get them meanwhile. */
async function listenSomewhere(): Promise<Server> {
  for (;;) {
    const server = createServer()
    try {
      server.listen(20_000 + Math.floor(Math.random() * 10_000))
      await once(server, 'listening')
      return server
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}

test(
  'the dev script starts both servers on free ports, prints where, and ends on a signal',
  { timeout: 60_000 },
  async () => {
    // Whatever is at this port, the script has to go elsewhere.
    const taken = await listenSomewhere()
    const port = String((taken.address() as AddressInfo).port)
    const child = spawn(process.execPath, [script], { env: { ...process.env, PORT: port, WEB_PORT: port } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
    try {
      const line = /Tic-tac-toe: http:\/\/localhost:(\d+) {3}\(host: http:\/\/localhost:(\d+)\/socket\)/
      await vi.waitUntil(() => line.test(output) || child.exitCode !== null, { timeout: 45_000, interval: 50 })
      const [, web, host] = line.exec(output) ?? []
      expect(output).toMatch(line)
      expect([web, host]).not.toContain(port)
      const page = io(`http://localhost:${host}`, { path: '/socket', reconnection: false })
      const update = new Promise((resolve) => page.once('storeupdate', resolve))
      page.emit('storesub', { storeName: 'BoardStore', action: 0 })
      expect(await update).toMatchObject({ kind: 0, storeName: 'BoardStore' })
      page.disconnect()
      expect((await fetch(`http://localhost:${web}/src/game/schema.ts`)).status).toBe(200)
    } finally {
      const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve([child.exitCode])
      child.kill('SIGTERM')
      expect((await ended)[0]).toBe(0)
      taken.close()
    }
  },
)
