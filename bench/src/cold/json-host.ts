import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Setting, worldOf } from '../fanout/setting.ts'

/** A host that answers any request with the whole world in JSON, written once. */
export async function startJson(setting: Setting): Promise<{ readonly port: number; close(): Promise<void> }> {
  const body = JSON.stringify([...worldOf(setting)])
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' })
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
