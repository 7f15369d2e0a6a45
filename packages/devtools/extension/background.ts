import { type LineNews, type OpenLine, PAGE_PORT, PANEL_PORT } from './names.ts'

/** One panel, and the page that it looks into. */
interface Line {
  readonly id: string
  readonly tab: number
  readonly panel: chrome.runtime.Port
  page: chrome.runtime.Port | undefined
  /** Scripts are being put into the page; asked again meanwhile, it is done again after. */
  opening: 'no' | 'yes' | 'again'
}

// Nothing outlives this worker: when the browser ends it the ports end too, and panels connect anew.
const lines = new Map<string, Line>()

function tell(line: Line, news: LineNews): void {
  line.panel.postMessage(news)
}

/** Puts agent and relay into the page, and asks the relay for a port. Both scripts know when they are there already. */
async function inject(line: Line): Promise<void> {
  const target = { tabId: line.tab }
  const ask: OpenLine = { type: 'rivulet:line', id: line.id }
  await chrome.scripting.executeScript({ target, files: ['agent.js'], world: 'MAIN', injectImmediately: true })
  await chrome.scripting.executeScript({ target, files: ['relay.js'], injectImmediately: true })
  await chrome.tabs.sendMessage(line.tab, ask, { frameId: 0 })
}

async function open(line: Line): Promise<void> {
  if (line.opening !== 'no') {
    line.opening = 'again'
    return
  }
  line.opening = 'yes'
  try {
    await inject(line)
  } catch (error) {
    // A page that is just being left answers like this too: the next one is tried when it is there (`onUpdated`).
    if (lines.has(line.id)) tell(line, { type: 'refused', why: error instanceof Error ? error.message : String(error) })
  }
  const again = (line.opening as Line['opening']) === 'again'
  line.opening = 'no'
  if (again && line.page === undefined && lines.has(line.id)) await open(line)
}

function addPanel(tab: number, panel: chrome.runtime.Port): void {
  const line: Line = { id: crypto.randomUUID(), tab, panel, page: undefined, opening: 'no' }
  lines.set(line.id, line)
  panel.onMessage.addListener((message: unknown) => {
    if (typeof message === 'string') line.page?.postMessage(message)
  })
  panel.onDisconnect.addListener(() => {
    lines.delete(line.id)
    line.page?.disconnect()
  })
  void open(line)
}

function addPage(id: string, page: chrome.runtime.Port): void {
  const line = lines.get(id)
  // Of a worker before this one, of another tab, or the second of two that were asked for.
  if (line === undefined || line.page !== undefined || page.sender?.tab?.id !== line.tab) {
    page.disconnect()
    return
  }
  line.page = page
  tell(line, { type: 'open' })
  page.onMessage.addListener((message: unknown) => {
    if (typeof message === 'string') line.panel.postMessage(message)
  })
  page.onDisconnect.addListener(() => {
    line.page = undefined
    if (!lines.has(id)) return
    tell(line, { type: 'gone' })
    void open(line)
  })
}

chrome.runtime.onConnect.addListener((port) => {
  const { name, sender } = port
  if (name.startsWith(PAGE_PORT)) addPage(name.slice(PAGE_PORT.length), port)
  // Only a page of the extension may look into tabs; scripts in pages connect too.
  else if (name.startsWith(PANEL_PORT) && sender?.url?.startsWith(chrome.runtime.getURL('')) === true)
    addPanel(Number(name.slice(PANEL_PORT.length)), port)
  else port.disconnect()
})

chrome.tabs.onUpdated.addListener((tab, { status }) => {
  if (status === undefined) return
  for (const line of lines.values()) if (line.tab === tab && line.page === undefined) void open(line)
})
