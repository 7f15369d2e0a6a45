import { AGENT_LINE, type OpenLine, PAGE_PORT } from './names.ts'

/*
 * In the page, in the extension's own world there: it may speak with the service worker, and the agent may not.
 */

const world = globalThis as { rivuletRelay?: true }

function openLine(id: string): void {
  const worker = chrome.runtime.connect({ name: PAGE_PORT + id })
  const { port1: agent, port2 } = new MessageChannel()
  worker.onMessage.addListener((text: unknown) => agent.postMessage(text))
  worker.onDisconnect.addListener(() => {
    agent.postMessage(null)
    agent.close()
  })
  agent.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === null) worker.disconnect()
    else worker.postMessage(data)
  })
  agent.start()
  // To this window alone: the agent is in it. A page can take the line for itself; what it would hear is its own state.
  window.postMessage({ type: AGENT_LINE }, '*', [port2])
}

if (world.rivuletRelay === undefined) {
  world.rivuletRelay = true
  chrome.runtime.onMessage.addListener((message: OpenLine) => {
    if (message.type === 'rivulet:line') openLine(message.id)
  })
}
