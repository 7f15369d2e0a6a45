import type { Client, ClientOptions } from '@rivulet/client'
import { createClientWith, createEngine, createLive, type SocketFactory } from '@rivulet/client/parts'
import { portPair } from './port-pair.ts'
import type { Traffic } from './traffic.ts'

/**
 * Options of a test client: those of `createClient` that mean something without a network. `graceMs` is 0 when absent: what nobody reads any more is given up at once.
 *
 * @example
 * const client = server.client({ delivery: 'exact', onError: (error) => problems.push(error) })
 */
export type TestClientOptions = Pick<
  ClientOptions,
  'delivery' | 'callTimeoutMs' | 'graceMs' | 'reconnect' | 'autoConnect' | 'onError' | 'devtools'
>

/** A client of the test server, and what the server may do to it. */
export interface TestClient {
  readonly client: Client
  /** Lets the engine send what it holds for the page, as the page's next frame would. */
  grant(): void
  /** Connects now, if it is to be connected and waits for its next attempt. */
  retry(): void
}

/** Makes a real client, page and engine, over sockets made by `io`. The engine runs beside the page. */
export function createTestClient(io: SocketFactory, traffic: Traffic, options: TestClientOptions): TestClient {
  const ports: MessagePort[] = []
  let retry = (): void => undefined

  const client = createClientWith(
    { graceMs: 0, ...options, url: 'http://rivulet.test' },
    () => (setup) =>
      createLive(async ({ config, hooks }) => {
        const control = createEngine({ io })
        const { page, engine } = portPair(traffic)
        let wanted = false
        await control.start(config, engine, hooks)
        ports.push(page)
        retry = () => {
          if (wanted) void control.connect()
        }
        return {
          mode: 'inline',
          port: page,
          control: {
            ...control,
            connect() {
              wanted = true
              return control.connect()
            },
            disconnect() {
              wanted = false
              return control.disconnect()
            },
            dispose() {
              wanted = false
              return control.dispose()
            },
          },
          terminate() {
            page.close()
            void control.dispose()
          },
        }
      }, setup),
  )

  return {
    client,
    grant() {
      for (const port of ports) port.postMessage({ type: 'credit' })
    },
    retry: () => retry(),
  }
}
