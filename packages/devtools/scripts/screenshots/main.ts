import { lateParts } from '../../src/panel/late-parts.ts'
import { definePanel, type PanelElement } from '../../src/panel/panel-element.ts'
import { createFakeAgent } from '../../test/support/fake-agent.ts'
import { createHarbour } from '../../test/support/harbour.ts'

/** A panel on a page that looks alive, for pictures: `?theme=light`; `?rate=10000` adds so many messages a second, to see how the panel bears them. */
const asked = new URLSearchParams(location.search)
const agent = createFakeAgent()
definePanel(lateParts)
const panel = document.createElement('rivulet-devtools') as PanelElement
panel.setAttribute('theme', asked.get('theme') ?? 'dark')
panel.transport = agent.transport
document.body.append(panel)
agent.add({ id: 'other', page: 'Chart table', url: 'http://localhost:4001' })
const client = agent.add({ id: 'harbour', page: 'Harbour', mode: 'shared worker' })
agent.greet()

let harbour: ReturnType<typeof createHarbour> | undefined
let step = 0
const tick = (): void => {
  if (!client.attached) return
  if (harbour === undefined) {
    const now = Date.now()
    const status = { since: now, attempt: 0, clockOffset: 12 } as const
    const error = { code: 'disconnected', what: 'transport close' } as const
    client.pass({ type: 'connection', at: now - 90_000, status: { ...status, state: 'connecting' } })
    client.pass({ type: 'connection', at: now - 88_000, status: { ...status, state: 'connected', session: 'fresh' } })
    client.pass({
      type: 'connection',
      at: now - 40_000,
      status: { ...status, state: 'disconnected', attempt: 1, error },
    })
    client.pass({ type: 'connection', at: now - 36_000, status: { ...status, state: 'connected', session: 'resumed' } })
    client.pass({ type: 'page', at: now - 30_000, page: 2, step: 'joined' })
    client.pass({
      type: 'resync',
      at: now - 12_000,
      store: 'FleetStore',
      error: { code: 'index', what: 'index 7 is beyond the end of the list' },
    })
    harbour = createHarbour(client)
  }
  harbour.sail(`b${step % 8}`, { speed: Math.round((8 + Math.sin(step / 5) * 6) * 10) / 10, seen: new Date() })
  if (step % 7 === 0) harbour.change({ tide: Math.round((1.25 + Math.sin(step / 30)) * 100) / 100 })
  if (step % 11 === 0) harbour.call(8 + (step % 5))
  step++
}
setInterval(tick, 120)

const rate = Number(asked.get('rate') ?? 0)
let sent = 0
const began = performance.now()
if (rate > 0)
  setInterval(() => {
    if (!client.attached) return
    const due = ((performance.now() - began) / 1000) * rate
    for (; sent < due; sent++)
      client.pass({ type: 'frame', dir: 'in', kind: 'storeupdate', update: 'partial', store: 'FleetStore', bytes: 9 })
  }, 4)
