import type { Client } from '@rivulet/client'
import { rivulet } from '@rivulet/vue'
import { type App, type Component, createApp, nextTick } from 'vue'
import { createTestServer, type TestServer } from '@rivulet/testing'
import { HarborStore } from './schema.ts'

/** A page with an app on it, and the host it follows. */
export interface Shown {
  readonly server: TestServer
  readonly client: Client
  readonly app: App
  readonly element: HTMLElement
  /** What Vue warned of, or a component threw. */
  readonly problems: unknown[]
  /** Everything has arrived and is rendered. */
  settled(): Promise<void>
  readonly text: () => string
  end(): Promise<void>
}

/** Mounts a component on a harbor with two boats. */
export async function show(root: Component): Promise<Shown> {
  const server = createTestServer()
  server.set(HarborStore, {
    title: 'North',
    ticks: 1,
    boats: new Map([
      ['a', { name: 'Anna', draught: 1 }],
      ['b', { name: 'Berta', draught: 2 }],
    ]),
  })
  const client = server.client()
  const problems: unknown[] = []
  const element = document.createElement('div')
  document.body.append(element)
  const app = createApp(root).use(rivulet, client)
  app.config.warnHandler = (message) => problems.push(message)
  app.config.errorHandler = (error) => problems.push(error)
  app.mount(element)

  const settled = async (): Promise<void> => {
    await server.settled()
    await nextTick()
    // What was rendered may have subscribed to more.
    await server.settled()
    await nextTick()
  }
  await settled()

  return {
    server,
    client,
    app,
    element,
    problems,
    settled,
    text: () => element.textContent ?? '',
    async end() {
      app.unmount()
      element.remove()
      await server.dispose()
    },
  }
}
