const SOCKET = /[\\/]engine\.io-client[\\/]build[\\/]esm[\\/]socket\.js$/
const TRANSPORTS = './transports/index.js'

/**
 * Leaves WebTransport out of a build of `socket.io-client`, with the streams of packets that only it needs: hosts speak WebSocket and long polling (session.md §1), and the option `transports` takes nothing else. The
 * client has no way to choose for bundlers to see.
 *
 * @returns {import('rolldown').Plugin}
 */
export function withoutWebTransport() {
  return {
    name: 'rivulet-without-web-transport',
    resolveId: (id, importer) =>
      id === TRANSPORTS && SOCKET.test(importer ?? '')
        ? importer.replace(/socket\.js$/, 'transports/rivulet.js')
        : null,
    load: (id) =>
      /[\\/]transports[\\/]rivulet\.js$/.test(id)
        ? "import { XHR } from './polling-xhr.js'\nimport { WS } from './websocket.js'\nexport const transports = { websocket: WS, polling: XHR }"
        : null,
  }
}
