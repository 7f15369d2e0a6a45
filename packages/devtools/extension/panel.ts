import type { PanelElement } from '../src/open-panel.ts'
import { lateParts } from '../src/panel/late-parts.ts'
import { definePanel } from '../src/panel/panel-element.ts'
import type { AgentMessage, PanelMessage } from '../src/protocol.ts'
import { type LineNews, PANEL_PORT, type Ping } from './names.ts'
import { textLine } from './text-line.ts'

/** Shorter than the half minute after which a silent service worker is ended. */
const PING_MS = 20_000

/** Before a service worker that has ended is woken again. */
const AGAIN_MS = 300

// In a tab of its own, `panel.html?tab=5`, there is no `chrome.devtools`.
const devtools = (chrome as { readonly devtools?: typeof chrome.devtools }).devtools
const tab = devtools?.inspectedWindow.tabId ?? Number(new URLSearchParams(location.search).get('tab'))

const note = document.querySelector('#note') as HTMLElement

definePanel(lateParts)
const element = document.createElement('rivulet-devtools') as PanelElement
element.setAttribute('theme', devtools === undefined ? 'auto' : devtools.panels.themeName === 'dark' ? 'dark' : 'light')
document.body.append(element)

function connect(): void {
  const port = chrome.runtime.connect({ name: PANEL_PORT + String(tab) })
  let line: ReturnType<typeof textLine<PanelMessage, AgentMessage>> | undefined

  const gone = (why: string): void => {
    line?.gone()
    line = undefined
    note.textContent = why
  }
  const ping = setInterval(() => port.postMessage({ type: 'ping' } satisfies Ping), PING_MS)

  port.onMessage.addListener((message: string | LineNews) => {
    if (typeof message === 'string') line?.hear(message)
    else if (message.type === 'gone') gone('Waiting for the page…')
    else if (message.type === 'refused') gone(`Waiting for a page that can be looked into: ${message.why}`)
    else {
      note.textContent = ''
      // Only this line ends: the port lives as long as the panel.
      line = textLine(
        (text) => port.postMessage(text),
        () => {},
      )
      element.transport = line.transport
    }
  })
  port.onDisconnect.addListener(() => {
    clearInterval(ping)
    gone('Connecting to the extension again…')
    setTimeout(connect, AGAIN_MS)
  })
}

connect()
