import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lateParts } from '../../src/panel/late-parts.ts'
import { definePanel, type PanelElement } from '../../src/panel/panel-element.ts'
import { eventually } from '../support/eventually.ts'
import { createFakeAgent } from '../support/fake-agent.ts'
import { createHarbour } from '../support/harbour.ts'
import { openPanel, type PanelRig } from '../support/panel-rig.ts'

let rig: PanelRig

beforeEach(async () => {
  rig = await openPanel()
})
afterEach(() => rig.end())

const selected = (): string | null | undefined =>
  rig.roles('tab').find((tab) => tab.ariaSelected === 'true')?.textContent
const bodyText = (): string => rig.role('tabpanel').textContent ?? ''

describe('the element', () => {
  it('is registered once, also when asked twice', () => {
    const known = customElements.get('rivulet-devtools')
    definePanel(lateParts)
    expect(customElements.get('rivulet-devtools')).toBe(known)
  })

  it('has its styles in constructed sheets, and no style elements or attributes in its markup', () => {
    expect(rig.root.adoptedStyleSheets).toHaveLength(1)
    expect(rig.root.querySelectorAll('style')).toHaveLength(0)
    expect(getComputedStyle(rig.panel).display).toBe('block')
  })

  it('shows the theme that its attribute says, and the system says otherwise', () => {
    const colour = (): string => getComputedStyle(rig.panel).getPropertyValue('--bg').trim()
    rig.panel.setAttribute('theme', 'light')
    expect(colour()).toBe('#fff')
    rig.panel.setAttribute('theme', 'dark')
    expect(colour()).toBe('#14181d')
    rig.panel.setAttribute('theme', 'auto')
    expect(rig.panel.dataset['theme']).toBe(matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark')
  })

  it('stays as it is when it is moved, and ends when it is taken out', async () => {
    const place = document.createElement('div')
    document.body.append(place)
    const first = rig.root.firstElementChild
    place.append(rig.panel)
    await Promise.resolve()
    expect(rig.root.firstElementChild).toBe(first)
    expect(rig.client.attached).toBe(true)
    place.remove()
    await eventually(() => expect(rig.root.childElementCount).toBe(0))
    expect(rig.panel.transport).toBeUndefined()
  })

  it('takes another line', async () => {
    const other = createFakeAgent()
    rig.panel.transport = other.transport
    const client = other.add({ id: 'x', page: 'Elsewhere' })
    other.greet()
    await eventually(() => expect(client.attached).toBe(true))
    expect(rig.role('combobox', 'Client').textContent).toContain('Elsewhere')
    rig.panel.transport = undefined
    await eventually(() => expect(bodyText()).toBe('There is no page to look at.'))
    other.close()
  })

  it('is not shown when hidden', () => {
    rig.panel.hidden = true
    expect(getComputedStyle(rig.panel).display).toBe('none')
  })
})

describe('tabs', () => {
  it('have roles and names, and say what they control', () => {
    expect(rig.role('tablist').ariaLabel).toBe('Views')
    for (const tab of rig.roles('tab')) expect(tab.getAttribute('aria-controls')).toBe(rig.role('tabpanel').id)
    expect(rig.role('tabpanel').getAttribute('aria-labelledby')).toBe('rv-tab-stores')
    expect(
      rig
        .roles('tab')
        .map(({ tabIndex }) => tabIndex)
        .filter((index) => index === 0),
    ).toHaveLength(1)
  })

  it('are walked with the arrow keys, round the ends', () => {
    const tabs = rig.roles('tab')
    tabs[0]?.focus()
    rig.press('ArrowLeft')
    expect(selected()).toBe(tabs.at(-1)?.textContent)
    expect(rig.root.activeElement).toBe(tabs.at(-1))
    rig.press('ArrowRight')
    expect(selected()).toBe(tabs[0]?.textContent)
    rig.press('End')
    expect(selected()).toBe(tabs.at(-1)?.textContent)
    rig.press('Home')
    expect(selected()).toBe(tabs[0]?.textContent)
  })

  it('are opened by their number, but not while somebody types', async () => {
    rig.role('button', 'Pause').focus()
    const session = rig.roles('tab').findIndex((tab) => tab.textContent === 'Session')
    rig.press(String(session + 1))
    expect(selected()).toBe('Session')
    rig.press('9')
    expect(selected()).toBe('Session')
    rig.press('1', { ctrlKey: true })
    expect(selected()).toBe('Session')
    const field = document.createElement('input')
    rig.role('tabpanel').append(field)
    field.focus()
    rig.press('1')
    expect(selected()).toBe('Session')
  })

  it('are remembered', async () => {
    rig.role('tab', 'Session').click()
    const kept = JSON.parse(localStorage.getItem('rivulet.devtools.panel') ?? '{}') as object
    expect(kept).toMatchObject({ tab: 'session' })
    rig.end()
    rig = await openPanel('session')
    expect(selected()).toBe('Session')
  })

  it('are reached by links of other views', async () => {
    rig
      .role('tabpanel')
      .dispatchEvent(new CustomEvent('rv-goto', { detail: { view: 'session' }, bubbles: true, composed: true }))
    expect(selected()).toBe('Session')
    rig.role('tabpanel').dispatchEvent(new CustomEvent('rv-goto', { detail: { view: 'nothing' }, bubbles: true }))
    expect(selected()).toBe('Session')
  })
})

describe('the styles of views', () => {
  const looks = (): string[] =>
    [...rig.root.querySelectorAll('.rv-head, .rv-head *, .rv-tree-row, .rv-tree-row *')]
      .filter((element) => element.checkVisibility())
      .map((element) => {
        const { padding, height, borderWidth, fontWeight, flex } = getComputedStyle(element)
        return [element.className, padding, height, borderWidth, fontWeight, flex].join(' ')
      })

  it('come late, and change nothing around them', async () => {
    createHarbour(rig.client)
    const settled = (): Promise<void> => eventually(() => expect(rig.row('chart').textContent).toContain('89 50'))
    await settled()
    rig.role('button', 'Pause').focus()
    const before = looks()
    expect(before.length).toBeGreaterThan(30)
    for (const tab of rig.roles('tab')) {
      tab.click()
      await eventually(() => expect(bodyText()).not.toMatch(/^(Loading…)?$/))
    }
    expect(rig.root.adoptedStyleSheets.length).toBeGreaterThan(4)
    rig.role('tab', 'Stores').click()
    rig.role('button', 'Pause').focus()
    await settled()
    await eventually(() => expect(looks()).toEqual(before))
  })
})

describe('a narrow panel', () => {
  it('shows every tab and button', () => {
    rig.panel.style.width = '550px'
    const { right } = rig.panel.getBoundingClientRect()
    for (const element of rig.root.querySelectorAll('.rv-head button, .rv-head select')) {
      if (!element.checkVisibility()) continue
      const at = element.getBoundingClientRect()
      expect(`${element.textContent}: ${at.left >= 0 && at.right <= right && at.width > 20}`).toMatch(/true$/)
    }
  })
})

describe('storage that is refused', () => {
  it('stops nothing', () => {
    const refuse = (): never => {
      throw new DOMException('no', 'SecurityError')
    }
    const get = vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse)
    const set = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse)
    rig.role('tab', 'Session').click()
    rig.role('button', 'Theme').click()
    expect(selected()).toBe('Session')
    expect(set).toHaveBeenCalled()
    get.mockRestore()
    set.mockRestore()
  })
})

describe('clients', () => {
  const options = (): string[] =>
    [...(rig.role('combobox', 'Client') as HTMLSelectElement).options].map(({ text }) => text)

  it('are picked from a list', async () => {
    const second = rig.agent.add({ id: 'two', page: 'Chart table', url: 'http://localhost:4001' })
    await eventually(() =>
      expect(options()).toEqual(['Harbour · http://localhost:4000', 'Chart table · http://localhost:4001']),
    )
    const pick = rig.role('combobox', 'Client') as HTMLSelectElement
    pick.value = 'two'
    pick.dispatchEvent(new Event('change'))
    await eventually(() => expect(second.attached).toBe(true))
  })

  it('that ended stay to be looked at, until they are made again', async () => {
    rig.agent.remove('harbour')
    await eventually(() => expect(options()).toEqual(['Harbour · http://localhost:4000 (ended)']))
    expect(rig.role('status').textContent).toBe('the client has ended')
    const again = rig.agent.add({ id: 'again', page: 'Harbour' })
    await eventually(() => expect(again.attached).toBe(true))
    expect(options()).toEqual(['Harbour · http://localhost:4000'])
  })

  it('may be none', async () => {
    rig.end()
    const agent = createFakeAgent()
    const panel = document.createElement('rivulet-devtools') as PanelElement
    panel.transport = agent.transport
    document.body.append(panel)
    await eventually(() => expect(panel.shadowRoot?.textContent).toContain('Waiting for the page'))
    agent.greet()
    await eventually(() => expect(panel.shadowRoot?.textContent).toContain('There is no client on this page'))
    agent.greet(7)
    await eventually(() => expect(panel.shadowRoot?.textContent).toContain('the page version 7'))
    panel.remove()
  })
})

describe('the header', () => {
  it('says how the connection is', async () => {
    await eventually(() => expect(rig.role('status').textContent).toBe('connected'))
    const status = { state: 'disconnected', since: 1, attempt: 1, clockOffset: null } as const
    rig.client.pass({ type: 'connection', status })
    await eventually(() => expect(rig.role('status').textContent).toBe('disconnected'))
    expect(rig.root.querySelector('.rv-dot')?.className).toContain('bad')
    rig.client.loseEngine('the tab was frozen')
    await eventually(() => expect(rig.role('status').textContent).toBe('the tab was frozen'))
  })

  it('pauses', async () => {
    const pause = rig.role('button', 'Pause')
    pause.click()
    await eventually(() => expect([pause.ariaPressed, pause.textContent]).toEqual(['true', 'Paused']))
    pause.click()
    await eventually(() => expect(pause.ariaPressed).toBe('false'))
  })

  it('changes the theme, and remembers it', () => {
    const button = rig.role('button', 'Theme')
    expect(button.ariaLabel).toBe('Theme: auto')
    button.click()
    expect([rig.panel.dataset['theme'], button.ariaLabel]).toEqual(['dark', 'Theme: dark'])
    button.click()
    expect(rig.panel.dataset['theme']).toBe('light')
    expect(localStorage.getItem('rivulet.devtools.panel')).toContain('light')
  })

  it('has a name for everything that can be reached with the keyboard', async () => {
    await eventually(() => expect(rig.role('status').textContent).toBe('connected'))
    for (const tab of rig.roles('tab')) {
      tab.click()
      // Views come when their tab is opened.
      await eventually(() => expect(bodyText()).not.toMatch(/^(Loading…)?$/))
      const all = rig.root.querySelectorAll<HTMLElement>('button,input,select,textarea,[tabindex="0"]')
      const reachable = [...all].filter((element) => element.checkVisibility())
      expect(reachable.length).toBeGreaterThan(10)
      for (const element of reachable) {
        const name = element.ariaLabel ?? element.closest('label')?.textContent ?? element.textContent
        expect(`${name}: ${element.outerHTML}`).not.toMatch(/^:/)
      }
    }
  })

  it('has text that can be read, in both themes', () => {
    for (const theme of ['dark', 'light']) {
      rig.panel.setAttribute('theme', theme)
      const style = getComputedStyle(rig.panel)
      const colour = (name: string): number => luminance(style.getPropertyValue(`--${name}`).trim())
      for (const front of ['fg', 'dim', 'accent', 'good', 'warn', 'bad', 'in', 'out'])
        for (const back of ['bg', 'bg2'])
          expect(`${theme}: ${front} on ${back} is ${contrast(colour(front), colour(back)) >= 4.5}`).toMatch(/true$/)
    }
  })
})

/** Of a colour `#rgb` or `#rrggbb`, as WCAG has it. */
function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replaceAll(/[\da-f]/gi, '$&$&') : hex
  const parts = [1, 3, 5].map((at) => {
    const part = parseInt(full.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}
