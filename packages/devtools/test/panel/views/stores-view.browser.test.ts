import { decodeValue, encodeState } from '@rivulet/wire'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ClientModel } from '../../../src/panel/client-model.ts'
import { type LateParts, lateParts } from '../../../src/panel/late-parts.ts'
import { createPanelLine } from '../../../src/panel/panel-line.ts'
import { createStoresView } from '../../../src/panel/views/stores/stores-view.ts'
import { eventually } from '../../support/eventually.ts'
import { createFakeAgent } from '../../support/fake-agent.ts'
import { createHarbour, FleetStore, fleetOf, type Harbour } from '../../support/harbour.ts'
import { openPanel, type PanelRig } from '../../support/panel-rig.ts'

let rig: PanelRig
let harbour: Harbour

beforeEach(async () => {
  rig = await openPanel()
  harbour = createHarbour(rig.client)
  await eventually(() => rig.row('boats'))
})
afterEach(() => rig.end())

const valueOf = (name: string): string => rig.row(name).querySelector('.rv-value')?.textContent ?? ''
const unfold = (name: string): void => rig.row(name).querySelector<HTMLElement>('.rv-caret')?.click()
const details = (): string => rig.role('region', 'Selected place').textContent ?? ''
const asked = (type: string): number => rig.client.requests.filter((request) => request.type === type).length
const field = () =>
  rig.root.querySelector<HTMLInputElement>('.rv-editor input,.rv-editor textarea,.rv-editor select') as HTMLInputElement
const type = (value: string): void => {
  field().value = value
  field().dispatchEvent(new InputEvent('input', { bubbles: true }))
}
/** Until the form is there: its code is loaded when something is first edited. */
const formThere = (): Promise<void> => eventually(() => expect(field()).not.toBeNull())
const edit = async (name: string): Promise<void> => {
  rig.row(name).click()
  rig.role('button', 'Edit on this page').click()
  await formThere()
}
const save = (): void => rig.role('button', 'Show on this page').click()

describe('the list of stores', () => {
  it('has every store with its status', () => {
    const [fleet, weather] = rig.roles('option')
    expect(fleet?.textContent).toBe('FleetStorelive2⇄ 3')
    expect(weather?.textContent).toBe('WeatherStoreidle0⇄ 0')
    expect(fleet?.ariaSelected).toBe('true')
  })

  it('says what holds a store up, and why', async () => {
    const [fleet] = rig.client.stores
    if (fleet === undefined) throw new Error('no store')
    const error = { code: 'denied', what: 'level 2 is needed' } as const
    rig.client.stores = [{ ...fleet, held: 'blocked', error, fullStore: true }]
    harbour.change({ tide: 3 })
    await eventually(() => expect(rig.roles('option')[0]?.textContent).toContain('blocked'))
    expect(rig.roles('option')[0]?.title).toBe('blocked: level 2 is needed')
    expect(rig.roles('option')[0]?.textContent).toContain('whole')
  })

  it('opens a store that nobody follows', async () => {
    rig.roles('option')[1]?.click()
    await eventually(() => expect(rig.role('tabpanel').textContent).toContain('Nobody follows this store'))
  })
})

describe('the state', () => {
  it('is shown as it changes, and what changed is marked', async () => {
    harbour.change({ tide: 7.5 })
    await eventually(() => expect(valueOf('tide')).toBe('7.5'))
    expect(rig.row('tide').className).toContain('changed')
    expect(rig.row('flags').className).not.toContain('changed')
  })

  it('is asked for only when something of the store came', async () => {
    await eventually(() => expect(asked('state')).toBeGreaterThan(0))
    const states = asked('state')
    const stores = asked('stores')
    rig.client.pass({ type: 'frame', dir: 'out', kind: 'rpccall', bytes: 1, call: 1, name: 'Moor' })
    await eventually(() => expect(asked('stores')).toBeGreaterThan(stores))
    expect(asked('state')).toBe(states)
    harbour.change({ tide: 8 })
    await eventually(() => expect(asked('state')).toBeGreaterThan(states))
  })

  it('is asked for four times a second at most', async () => {
    await eventually(() => expect(valueOf('tide')).toBe('1.25'))
    const from = performance.now()
    const before = asked('state')
    for (let i = 0; i < 100; i++) {
      harbour.change({ tide: i })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await eventually(() => expect(valueOf('tide')).toBe('99'))
    // One may be under way at the beginning, and one is on its way at the end.
    expect(asked('state') - before).toBeLessThanOrEqual((performance.now() - from) / 250 + 2)
  })

  it('goes when the engine has none any more', async () => {
    rig.client.stores = rig.client.stores.map((store) => ({ ...store, keys: [] }))
    harbour.change({ tide: 1 })
    await eventually(() => expect(rig.role('tabpanel').textContent).toContain('Nobody follows this store'))
  })

  it('of bytes that are no state is an error that is said', async () => {
    rig.client.pass({ type: 'frame', dir: 'in', kind: 'storeupdate', bytes: 0, store: 'FleetStore' })
    rig.client.states.set('FleetStore', new Uint8Array([200]).buffer)
    await eventually(() => expect(rig.role('alert').textContent).toContain('FleetStore'))
  })
})

describe('a selected place', () => {
  beforeEach(() => {
    unfold('boats')
    unfold('b1')
    rig.row('speed').click()
  })

  it('has its path, its type, and what is asked of the host for it', () => {
    expect(details()).toContain('boats.b1.speed')
    expect(details()).toContain('float32')
    expect(details()).toContain('Boats live')
    expect(details()).not.toContain('Tide')
    expect(details()).toContain('page 1 (this one) boats.b1.speed')
    expect(details()).toContain('boats as a list')
  })

  it('has who listens: components by name, each once', () => {
    expect(details()).toContain('<SpeedGauge> × 2 useStore, ran 42 ×')
    expect(details()).toContain('logger')
    expect(details()).toContain('a listener without a name')
    expect(details()).toContain('<BoatList>')
    expect(rig.row('speed').textContent).toContain('4 ◉')
    expect(rig.root.querySelector<HTMLElement>('.rv-origin')?.title).toBe('src/gauge.tsx:12:17')
  })

  it('has the message that last changed it, of all that came', async () => {
    await eventually(() => expect(details()).toContain('full state #1'))
    harbour.sail('b0', { speed: 99 })
    const seq = harbour.sail('b1', { speed: 12 })
    harbour.sail('b2', { speed: 98 })
    harbour.change({ tide: 3 })
    await eventually(() => expect(details()).toContain(`delta #${seq}`))
    rig.role('button', `delta #${seq}`).click()
    expect(rig.role('tab', 'Wire').ariaSelected).toBe('true')
    // Where its bytes are marked that belong to the place.
    await eventually(() =>
      expect(rig.root.querySelector('.rv-bytes .says')?.textContent).toMatch(/^FleetStore\.boats\["b1"\]\.speed/),
    )
    expect(rig.root.querySelector('.rv-meta')?.textContent).toContain(`#${seq}`)
  })

  it('is where a link leads', async () => {
    rig.row('boats').dispatchEvent(
      new CustomEvent('rv-goto', {
        detail: { view: 'stores', path: 'FleetStore.boats["b0"].engine.hours' },
        bubbles: true,
      }),
    )
    expect(details()).toContain('boats.b0.engine.hours')
    expect(valueOf('hours')).toBe('1152921504606846976n')
  })

  it('inside a dynamic value cannot be edited by itself', () => {
    unfold('notice')
    rig.row('0').click()
    expect(details()).toContain('inside a dynamic value')
    expect(rig.roles('button', 'Edit')).toEqual([])
  })
})

describe('editing', () => {
  const written = () => rig.client.shown.get('FleetStore') ?? []

  it('shows a value on the page, marked, until it is undone', async () => {
    await edit('tide')
    expect(field().value).toBe('1.25')
    expect(field().ariaLabel).toBe('New value of tide')
    type('2.5')
    save()
    await eventually(() => expect(valueOf('tide')).toBe('2.5'))
    expect(rig.row('tide').className).toContain('edited')
    const [write] = written()
    expect(write?.path).toEqual(['tide'])
    expect(decodeValue([], { kind: 'float64' }, write?.bytes)).toBe(2.5)
    expect(rig.role('tabpanel').textContent).toContain('1 local value, on this page only')
    expect(rig.roles('option')[0]?.textContent).toContain('✎')
    // The host goes on; what is shown stays.
    harbour.change({ tide: 9, flags: new Set(['zulu']) })
    await eventually(() => expect(valueOf('flags')).toContain('zulu'))
    expect(valueOf('tide')).toBe('2.5')
    rig.role('button', 'Undo tide').click()
    await eventually(() => expect(valueOf('tide')).toBe('9'))
    expect(written()).toEqual([])
    expect(rig.row('tide').className).not.toContain('edited')
  })

  it('is undone all at once', async () => {
    await edit('tide')
    type('2')
    save()
    await eventually(() => expect(written()).toHaveLength(1))
    unfold('flags')
    rig.row('"alpha"').click()
    rig.role('button', 'Remove').click()
    await eventually(() => expect(written()).toHaveLength(2))
    await eventually(() => expect(valueOf('flags')).toBe('(1)'))
    rig.role('button', 'Undo all').click()
    await eventually(() => expect(written()).toEqual([]))
    await eventually(() => expect(valueOf('flags')).toBe('(2)'))
  })

  it('says what does not fit, in place, and sends nothing', async () => {
    unfold('boats')
    unfold('b1')
    unfold('engine')
    await edit('rpm')
    type('70000')
    expect(rig.root.querySelector('#rv-edit-problem')?.textContent).toContain('70000 is not between 0 and 65535')
    expect(field().ariaInvalid).toBe('true')
    expect(field().getAttribute('aria-describedby')).toBe('rv-edit-problem')
    save()
    type('fast')
    expect(rig.root.querySelector('#rv-edit-problem')?.textContent).toContain('expected a whole number')
    type('700')
    expect(field().ariaInvalid).toBe('false')
    save()
    await eventually(() => expect(written().map(({ path }) => path)).toEqual([['boats', 'b1', 'engine', 'rpm']]))
    expect(rig.agent.heard.filter((message) => message.type === 'show')).toHaveLength(1)
  })

  it('says what the page refuses', async () => {
    await edit('tide')
    type('3')
    rig.client.failing = { code: 'unknown-store', what: 'no store FleetStore' }
    save()
    await eventually(() => expect(rig.root.querySelector('#rv-edit-problem')?.textContent).toBe('no store FleetStore'))
    rig.client.failing = undefined
  })

  it.each([
    ['moored', 'true', false],
    ['name', 'Ünder "quotes"', 'Ünder "quotes"'],
    ['seen', '2026-01-31T00:00:00.000Z', new Date('2026-01-31')],
    ['crew', '["Cy"]', ['Cy']],
  ])('has a form for %s', async (name, text, value) => {
    unfold('boats')
    unfold('b1')
    await edit(name)
    const next = name === 'moored' ? 'true' : text
    type(next)
    save()
    await eventually(() => expect(written()).toHaveLength(1))
    const boat = harbour.fleet.boats.get('b1')
    expect(boat).toBeDefined()
    const node = { moored: 'bool', name: 'string', seen: 'time' }[name]
    const decoded =
      node === undefined
        ? decodeValue([], { kind: 'array', elem: { kind: 'string' }, notNull: true }, written()[0]?.bytes)
        : decodeValue([], { kind: node } as { kind: 'bool' }, written()[0]?.bytes)
    expect(decoded).toEqual(name === 'moored' ? true : value)
  })

  it('has forms for bytes, 64-bit integers, dynamic values and null', async () => {
    await edit('chart')
    expect(field().value).toBe('89 50 4e 47 0d 0a 1a 0a')
    type('00 ff')
    save()
    await eventually(() => expect(valueOf('chart')).toBe('2 bytes 00 ff'))
    await edit('notice')
    type('{"type": "int8", "value": 5}')
    save()
    await eventually(() => expect(valueOf('notice')).toBe('any int8 5'))
    await edit('berths')
    rig.role('button', /^null$/).click()
    await eventually(() => expect(valueOf('berths')).toBe('null'))
    unfold('boats')
    unfold('b0')
    unfold('engine')
    await edit('hours')
    type('18446744073709551615')
    save()
    await eventually(() => expect(valueOf('hours')).toBe('18446744073709551615n'))
    expect(written()).toHaveLength(4)
  })

  it('begins and ends with the keyboard', async () => {
    rig.row('tide').click()
    rig.role('tree').focus()
    rig.press('Enter')
    await eventually(() => expect(rig.root.activeElement).toBe(field()))
    rig.press('Escape')
    expect(field()).toBeNull()
    expect(rig.root.activeElement).toBe(rig.role('tree'))
    rig.press('Enter')
    await formThere()
    type('4.5')
    rig.press('Enter')
    await eventually(() => expect(valueOf('tide')).toBe('4.5'))
  })

  it('is not disturbed by what arrives meanwhile', async () => {
    await edit('tide')
    type('77')
    harbour.change({ tide: 5, flags: new Set() })
    await eventually(() => expect(valueOf('flags')).toContain('(0)'))
    expect(field().value).toBe('77')
    expect(rig.root.activeElement).toBe(field())
  })

  it('begins with a button that stays the same while the store changes, of the value as it is by then', async () => {
    rig.row('tide').click()
    const button = rig.role('button', 'Edit on this page')
    button.focus()
    for (const tide of [5, 6]) {
      harbour.change({ tide })
      await eventually(() => expect(valueOf('tide')).toBe(String(tide)))
    }
    // Pressed on one element and released on another is no click.
    expect(rig.role('button', 'Edit on this page')).toBe(button)
    expect(rig.root.activeElement).toBe(button)
    button.click()
    await formThere()
    expect(field().value).toBe('6')
  })

  it('takes away the last entry of a list only', async () => {
    unfold('boats')
    unfold('b0')
    unfold('crew')
    rig.row('1').click()
    rig.role('button', 'Edit on this page').focus()
    expect(rig.roles('button', 'Remove')).toHaveLength(1)
    harbour.sail('b0', { crew: ['Ann', 'Bo', 'Cy'] })
    await eventually(() => expect(valueOf('2')).toBe('"Cy"'))
    expect(rig.roles('button', 'Remove')).toEqual([])
    expect(rig.root.activeElement).toBe(rig.role('button', 'Edit on this page'))
    rig.row('2').click()
    rig.role('button', 'Remove').click()
    await eventually(() => expect(written()).toEqual([{ path: ['boats', 'b0', 'crew', 2], bytes: null }]))
    await eventually(() => expect(valueOf('crew')).toBe('(2)'))
  })

  it('that the page refuses is said beneath the buttons, for another try', async () => {
    unfold('flags')
    rig.row('"alpha"').click()
    rig.client.failing = { code: 'unknown-store', what: 'no store FleetStore' }
    rig.role('button', 'Remove').click()
    const said = () => rig.root.querySelector('.rv-details>[role=alert]')?.textContent
    await eventually(() => expect(said()).toBe('no store FleetStore'))
    rig.client.failing = undefined
    rig.role('button', 'Remove').click()
    await eventually(() => expect(written()).toHaveLength(1))
    expect(said()).toBe('')
  })

  it('of one place goes on when the page answers late for another', async () => {
    await edit('tide')
    type('3')
    rig.client.slow = true
    save()
    rig.row('chart').click()
    rig.role('button', 'Edit on this page').click()
    await eventually(() => expect(field()?.ariaLabel).toBe('New value of chart'))
    rig.client.slow = false
    await eventually(() => expect(valueOf('tide')).toBe('3'))
    expect(field().ariaLabel).toBe('New value of chart')
  })

  it('takes an entry of a map away', async () => {
    unfold('boats')
    rig.row('b3').click()
    rig.role('button', 'Remove').click()
    await eventually(() => expect(() => rig.row('b3')).toThrow('no row'))
    expect(written()).toEqual([{ path: ['boats', 'b3'], bytes: null }])
  })
})

it('says nothing of a missing engine but in the header, and goes on when it is back', async () => {
  rig.client.loseEngine('asleep')
  await eventually(() => expect(rig.role('status').textContent).toBe('asleep'))
  rig.client.returnEngine()
  harbour.change({ tide: 6 })
  await eventually(() => expect(valueOf('tide')).toBe('6'))
  expect(rig.roles('alert').filter(({ textContent }) => textContent !== '')).toEqual([])
})

it('shows the store again that was open when the view comes back', async () => {
  rig.roles('option')[1]?.click()
  rig.role('tab', 'Session').click()
  rig.role('tab', 'Stores').click()
  await eventually(() => expect(rig.roles('option')[1]?.ariaSelected).toBe('true'))
})

it('shows what another view put over the host, and says when that does not fit', async () => {
  rig.end()
  const agent = createFakeAgent()
  const client = agent.add({ id: 'a' })
  const line = createPanelLine(agent.transport, () => undefined)
  agent.greet()
  await eventually(() => expect(line.clients).toHaveLength(1))
  const model = line.open('a') as ClientModel
  await eventually(() => expect(model.hello).toBeDefined())
  createHarbour(client)
  const root = document.createElement('div')
  root.style.cssText = 'display:flex;height:400px'
  document.body.append(root)
  const view = createStoresView(lateParts).mount(root, model)
  const text = async (wanted: string): Promise<void> =>
    eventually(() => {
      view.update()
      expect(root.textContent).toContain(wanted)
    })
  await text('tide1.25')
  const past = { ...fleetOf(), tide: 0.5 }
  await model.show('FleetStore', [{ path: [], bytes: encodeState(FleetStore, past).buffer }])
  await text('tide0.5')
  await text('everything')
  await model.show('FleetStore', [{ path: ['tide'], bytes: new ArrayBuffer(1) }])
  await text('tide1.25')
  await text('the data ends inside a value')
  view.destroy()
  root.remove()
  line.close()
})

describe('what comes when it is wanted', () => {
  const offline = (): Promise<never> => Promise.reject(new Error('Failed to fetch'))

  /** The view beside the panel, on the panel's model, with other loaders. */
  const mounted = async (late: Pick<LateParts, 'lastChange' | 'valueEditor'>) => {
    const agent = createFakeAgent()
    const client = agent.add({ id: 'a' })
    const line = createPanelLine(agent.transport, () => undefined)
    agent.greet()
    await eventually(() => expect(line.clients).toHaveLength(1))
    const model = line.open('a') as ClientModel
    await eventually(() => expect(model.hello).toBeDefined())
    const sea = createHarbour(client)
    const root = document.createElement('div')
    root.style.cssText = 'display:flex;height:400px'
    document.body.append(root)
    const view = createStoresView(late).mount(root, model)
    onTestFinished(() => {
      view.destroy()
      root.remove()
      line.close()
    })
    await eventually(() => {
      view.update()
      expect(root.textContent).toContain('tide1.25')
    })
    return { root, view, sea }
  }
  const row = (root: HTMLElement, name: string): HTMLElement | undefined =>
    [...root.querySelectorAll<HTMLElement>('.rv-tree-row')].find(
      (one) => one.querySelector('.rv-name')?.textContent === name,
    )
  const press = (root: HTMLElement, label: string): void =>
    [...root.querySelectorAll('button')].find(({ textContent }) => textContent === label)?.click()

  it('is not loaded before', async () => {
    const late = {
      lastChange: vi.fn<LateParts['lastChange']>(lateParts.lastChange),
      valueEditor: vi.fn<LateParts['valueEditor']>(lateParts.valueEditor),
    }
    const { root } = await mounted(late)
    expect(late.lastChange).not.toHaveBeenCalled()
    row(root, 'tide')?.click()
    await eventually(() => expect(late.lastChange).toHaveBeenCalledOnce())
    expect(late.valueEditor).not.toHaveBeenCalled()
    press(root, 'Edit on this page')
    await eventually(() => expect(root.querySelector('.rv-editor')).not.toBeNull())
    press(root, 'Cancel')
    press(root, 'Edit on this page')
    await eventually(() => expect(root.querySelector('.rv-editor')).not.toBeNull())
    expect(late.valueEditor).toHaveBeenCalledOnce()
  })

  it('says that the editor could not be loaded; the next try loads it again', async () => {
    const valueEditor = vi.fn<LateParts['valueEditor']>(lateParts.valueEditor).mockImplementationOnce(offline)
    const { root } = await mounted({ ...lateParts, valueEditor })
    row(root, 'tide')?.click()
    press(root, 'Edit on this page')
    await eventually(() =>
      expect(root.querySelector('[role=region] [role=alert]')?.textContent).toBe('Failed to fetch'),
    )
    press(root, 'Edit on this page')
    await eventually(() => expect(root.querySelector('.rv-editor')).not.toBeNull())
    expect(root.querySelector('[role=region]')?.textContent).not.toContain('Failed to fetch')
  })

  it('shows no editor for a place that was left meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<LateParts['valueEditor']>>>()
    const { root } = await mounted({ ...lateParts, valueEditor: () => promise })
    row(root, 'tide')?.click()
    press(root, 'Edit on this page')
    row(root, 'notice')?.click()
    resolve(await lateParts.valueEditor())
    press(root, 'Edit on this page')
    await eventually(() => expect(root.querySelectorAll('.rv-editor')).toHaveLength(1))
    expect(root.querySelector('.rv-editor textarea')?.ariaLabel).toBe('New value of notice')
  })

  it('says why the last change of a place is not shown', async () => {
    const { root } = await mounted({ ...lateParts, lastChange: offline })
    row(root, 'tide')?.click()
    await eventually(() =>
      expect(root.querySelector('[role=region]')?.textContent).toContain(
        'Its last change is not known: Failed to fetch',
      ),
    )
  })

  it('is drawn when something came: an update without news draws nothing', async () => {
    const { root, view } = await mounted(lateParts)
    row(root, 'tide')?.click()
    await eventually(() => expect(root.querySelector('[role=region]')?.textContent).toContain('full state #1'))
    const watched = new MutationObserver(() => undefined)
    watched.observe(root, { childList: true, subtree: true, characterData: true })
    for (let i = 0; i < 3; i++) view.update()
    expect(watched.takeRecords()).toEqual([])
    watched.disconnect()
  })

  it('is shown though the store changes all the while', async () => {
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<LateParts['valueEditor']>>>()
    const { root, view, sea } = await mounted({ ...lateParts, valueEditor: () => promise })
    row(root, 'tide')?.click()
    press(root, 'Edit on this page')
    sea.change({ tide: 6.5 })
    await eventually(() => {
      view.update()
      expect(root.textContent).toContain('tide6.5')
    })
    resolve(await lateParts.valueEditor())
    await eventually(() => expect(root.querySelector('.rv-editor')).not.toBeNull())
    expect(root.querySelector<HTMLInputElement>('.rv-editor input')?.value).toBe('6.5')
  })

  it('is shown though another value is undone meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<LateParts['valueEditor']>>>()
    const { root, view } = await mounted({ ...lateParts, valueEditor: () => promise })
    row(root, 'flags')?.querySelector<HTMLElement>('.rv-caret')?.click()
    row(root, '"alpha"')?.click()
    press(root, 'Remove')
    await eventually(() => {
      view.update()
      expect(root.textContent).toContain('1 local value')
    })
    row(root, 'tide')?.click()
    press(root, 'Edit on this page')
    press(root, 'Undo all')
    await eventually(() => {
      view.update()
      expect(row(root, 'flags')?.textContent).toContain('(2)')
    })
    resolve(await lateParts.valueEditor())
    await eventually(() => expect(root.querySelector('.rv-editor')).not.toBeNull())
  })

  it('leaves the editor open when the last change cannot be told', async () => {
    const { root, view, sea } = await mounted({ ...lateParts, lastChange: offline })
    row(root, 'tide')?.click()
    press(root, 'Edit on this page')
    await eventually(() => expect(root.querySelector('.rv-editor')).not.toBeNull())
    const input = root.querySelector<HTMLInputElement>('.rv-editor input')
    if (input !== null) input.value = '12'
    sea.change({ tide: 6.5 })
    await eventually(() => {
      view.update()
      expect(root.textContent).toContain('tide6.5')
      expect(root.textContent).toContain('Failed to fetch')
    })
    expect(root.querySelector('.rv-editor input')).toBe(input)
    expect(input?.value).toBe('12')
  })
})
