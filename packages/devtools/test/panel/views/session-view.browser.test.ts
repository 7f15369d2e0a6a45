import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { createHarbour } from '../../support/harbour.ts'
import { openPanel, type PanelRig } from '../../support/panel-rig.ts'
import { until } from '../../support/until.ts'

let rig: PanelRig

beforeEach(async () => {
  rig = await openPanel('session')
  await until(() => fact('State').includes('connected'), 'the facts')
})
afterEach(() => rig.end())

/** What stands beside a name. */
const fact = (name: string): string => {
  const found = [...rig.root.querySelectorAll('dt')].find((term) => term.textContent === name)
  return found?.nextElementSibling?.textContent ?? ''
}
const history = (): string[] => rig.roles('option').map((row) => row.textContent?.slice(12) ?? '')
const status = { since: 1, attempt: 0, clockOffset: null } as const

describe('facts', () => {
  it('are those of the greeting', () => {
    expect(fact('Session')).toBe('fresh')
    expect(fact('Clock of the host')).toBe('12 ms ahead')
    expect(fact('Pages')).toBe('1 (this one), 2')
    expect(fact('Host')).toBe('http://localhost:4000/socket.io/')
    expect(fact('Delivery')).toBe('safe')
    expect(fact('Login')).toBe('authenticate')
    expect(fact('Viewer sessions')).toBe('on, 3 s to attach')
    expect(fact('Offline')).toBe('nothing is kept')
    expect(fact('Round trip')).toContain('not known')
  })

  it('follow what happens', async () => {
    createHarbour(rig.client).call(17)
    const error = { code: 'disconnected', what: 'ping timeout' } as const
    rig.client.pass({ type: 'connection', status: { ...status, state: 'disconnected', attempt: 2, error } })
    rig.client.pass({ type: 'page', page: 2, step: 'left' })
    await eventually(() => expect(fact('State')).toContain('disconnected'))
    expect(fact('Because')).toBe('ping timeout (disconnected)')
    expect(fact('Attempts')).toBe('2')
    expect(fact('Pages')).toBe('1 (this one)')
    expect(fact('Round trip')).toBe('at most 17 ms, the fastest of the last 1 answers')
    expect(fact('Clock of the host')).toBe('not known yet')
  })

  it('say that there is no engine', async () => {
    rig.client.loseEngine('the worker died')
    await eventually(() => expect(fact('State')).toBe('the worker died'))
    expect(fact('Host')).toBe('')
    expect((rig.role('combobox', 'Bytes') as HTMLSelectElement).disabled).toBe(true)
    rig.client.replaceEngine()
    await eventually(() => expect(fact('Engines so far')).toBe('2'))
  })
})

describe('history', () => {
  it('has connections, resyncs, errors and pages in order, and nothing else', async () => {
    rig.client.pass({ type: 'connection', status: { ...status, state: 'connected', session: 'resumed' } })
    rig.client.pass({ type: 'frame', dir: 'in', kind: 'other', bytes: 1 })
    rig.client.pass({ type: 'resync', store: 'FleetStore', error: { code: 'index', what: 'beyond the end' } })
    rig.client.pass({ type: 'error', error: { code: 'handler', what: 'it threw' } })
    rig.client.pass({ type: 'page', page: 3, step: 'joined' })
    await eventually(() =>
      expect(history()).toEqual([
        'connectionconnected, session resumed',
        'resyncFleetStore: beyond the end (index)',
        'errorit threw (handler)',
        'pagepage 3 joined',
      ]),
    )
    await eventually(() => expect(fact('Resyncs, errors')).toBe('1, 1'))
  })

  it('is there also when the traffic has pushed it out of the log', async () => {
    rig.client.pass({ type: 'page', page: 3, step: 'joined' })
    rig.role('tab', 'Stores').click()
    for (let i = 0; i < 21_000; i++) rig.client.pass({ type: 'frame', dir: 'in', kind: 'other', bytes: 1 })
    await eventually(() => expect(rig.client.requests.length).toBeGreaterThan(2))
    rig.role('tab', 'Session').click()
    await eventually(() => expect(history()).toEqual(['pagepage 3 joined']))
  })

  it('leads to the message, with Enter', async () => {
    const seq = rig.client.pass({ type: 'page', page: 3, step: 'joined' })
    await eventually(() => expect(history()).toHaveLength(1))
    rig.roles('option')[0]?.click()
    rig.role('listbox').focus()
    rig.press('Enter')
    expect(rig.role('tab', 'Wire').ariaSelected).toBe('true')
    await eventually(() => expect(rig.root.querySelector('.rv-meta')?.textContent).toContain(`#${seq}`))
  })

  it('is also a timeline, with its sums in words', async () => {
    const at = Date.now() - 5000
    rig.client.pass({ type: 'connection', at, status: { ...status, state: 'connecting' } })
    rig.client.pass({ type: 'connection', at: at + 2000, status: { ...status, state: 'connected' } })
    await eventually(() =>
      expect(rig.role('img', 'Connection').ariaLabel).toMatch(/^Connection: connecting 2 s, connected \d/),
    )
    const canvas = rig.role('img', 'Connection') as HTMLCanvasElement
    const middle = canvas.getContext('2d')?.getImageData(canvas.width - 3, canvas.height / 2, 1, 1).data
    expect(middle?.[3]).toBe(255)
  })
})

describe('what the engine keeps', () => {
  const ring = () => rig.role('combobox', 'Bytes') as HTMLSelectElement

  it('is shown and chosen', async () => {
    expect([...ring().options].map(({ text }) => text)).toEqual(['nothing', '1 MiB', '4 MiB', '16 MiB', '64 MiB'])
    expect(ring().value).toBe(String(4 << 20))
    ring().value = '0'
    ring().dispatchEvent(new Event('change'))
    await eventually(() => expect(rig.client.requests).toContainEqual({ type: 'keep', ringBytes: 0 }))
    expect(ring().value).toBe('0')
  })
})
