import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { expect, test, vi } from 'vitest'

test.each([
  ['radio', 'Radio', 'RadioStore'],
  ['audio-frames', 'Audio frames', 'StudioStore'],
])(
  '%s: the dev script starts both servers on free ports, prints where, and ends on a signal',
  { timeout: 60_000 },
  async (example, title, storeName) => {
    // Whatever is at this port, the script has to go elsewhere.
    const taken = createServer().listen(0)
    await once(taken, 'listening')
    const port = String((taken.address() as AddressInfo).port)
    const script = join(import.meta.dirname, '../..', example, 'scripts/dev.mjs')
    const child = spawn(process.execPath, [script], { env: { ...process.env, PORT: port, WEB_PORT: port } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
    try {
      const line = new RegExp(`${title}: http://localhost:(\\d+) {3}\\(host: http://localhost:(\\d+)/socket\\)`)
      await vi.waitUntil(() => line.test(output) || child.exitCode !== null, { timeout: 45_000, interval: 50 })
      expect(output).toMatch(line)
      const [, web] = line.exec(output) ?? []
      // Through the web app's own origin, as its page does it.
      const page = io(`http://localhost:${web}`, { path: '/socket', reconnection: false, transports: ['websocket'] })
      const update = new Promise((resolve) => page.once('storeupdate', resolve))
      page.emit('storesub', { storeName, action: 0 })
      expect(await update).toMatchObject({ kind: 0, storeName })
      page.disconnect()
      expect(await (await fetch(`http://localhost:${web}/`)).text()).toContain(`<title>${title} ·`)
      expect((await fetch(`http://localhost:${web}/src/main.tsx`)).status).toBe(200)
    } finally {
      const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve([child.exitCode])
      child.kill('SIGTERM')
      expect((await ended)[0]).toBe(0)
      taken.close()
    }
  },
)
