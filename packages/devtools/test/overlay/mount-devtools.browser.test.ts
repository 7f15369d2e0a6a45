import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { mountDevtools } from '../../src/overlay/mount-devtools.ts'
import type { DevtoolsOptions } from '../../src/overlay/options.ts'
import { createFakeProbe, type FakeProbe } from '../support/fake-probe.ts'
import { overlayOf, type OverlayParts, textOf } from '../support/overlay.ts'

// A limit for what hangs: the panel is compiled on its way here.
const SOON = { timeout: 20_000, interval: 20 }

const ends: (() => void)[] = []
let probe: FakeProbe

beforeEach(() => {
  localStorage.clear()
  probe = createFakeProbe('https://game.test')
  probe.register()
})

afterEach(() => {
  for (const end of ends.splice(0)) end()
  probe.end()
  document.body.replaceChildren()
})

function mount(options?: DevtoolsOptions): OverlayParts {
  ends.push(mountDevtools(options))
  return overlayOf()
}

/** The page is left and opened again: what is stored stays. */
function again(options?: DevtoolsOptions): OverlayParts {
  for (const end of ends.splice(0)) end()
  return mount(options)
}

const press = (keys: string): Promise<void> => userEvent.keyboard(keys)

const isOpen = ({ dock }: OverlayParts): boolean => !dock().hidden

async function shown(parts: OverlayParts): Promise<HTMLElement> {
  await vi.waitFor(() => expect(textOf(parts.panel())).toContain('game.test'), SOON)
  return parts.panel() as HTMLElement
}

function at(element: HTMLElement): { readonly x: number; readonly y: number } {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}

/** Presses, moves and releases the pointer, as a hand would. */
function drag(element: HTMLElement, to: { readonly x: number; readonly y: number }): void {
  vi.spyOn(element, 'setPointerCapture').mockImplementation(() => {})
  const from = at(element)
  const fire = (type: string, { x, y }: { readonly x: number; readonly y: number }): void =>
    void element.dispatchEvent(
      new PointerEvent(type, { clientX: x, clientY: y, bubbles: true, composed: true, cancelable: true, pointerId: 1 }),
    )
  fire('pointerdown', from)
  fire('pointermove', { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 })
  fire('pointermove', to)
  fire('pointerup', to)
}

describe('the overlay', () => {
  test('is a button; panel and agent come when it is opened first', async () => {
    expect(customElements.get('rivulet-devtools')).toBeUndefined()
    const parts = mount()
    expect(isOpen(parts)).toBe(false)
    expect(parts.button().getBoundingClientRect().width).toBe(36)
    expect(parts.button().ariaLabel ?? parts.button().getAttribute('aria-label')).toBe('Open Rivulet devtools')
    expect(parts.panel()).toBeNull()
    expect(customElements.get('rivulet-devtools')).toBeUndefined()

    await userEvent.click(parts.button())
    const panel = await shown(parts)
    expect(panel.getBoundingClientRect().height).toBeGreaterThan(100)
    expect(parts.button().hidden).toBe(true)
  })

  test('Escape and the button close it, focus comes back to where it was', async () => {
    const input = document.body.appendChild(document.createElement('input'))
    const parts = mount()
    input.focus()
    await press('{Alt>}{Shift>}r{/Shift}{/Alt}')
    expect(isOpen(parts)).toBe(true)
    expect(parts.active()).toBe(parts.dock())
    await press('{Escape}')
    expect(isOpen(parts)).toBe(false)
    expect(document.activeElement).toBe(input)

    await userEvent.click(parts.button())
    await shown(parts)
    await userEvent.click(parts.close())
    expect(isOpen(parts)).toBe(false)
    expect(parts.active()).toBe(parts.button())
  })

  test('an Escape in a field is the field’s, and one that something inside has used is used', async () => {
    const parts = mount({ open: true })
    const panel = await shown(parts)
    const add = (tag: string): HTMLElement => {
      const made = document.createElement(tag)
      panel.shadowRoot?.append(made)
      made.focus()
      return made
    }
    add('textarea')
    await press('{Escape}')
    expect(isOpen(parts)).toBe(true)
    add('button').addEventListener('keydown', (event) => event.preventDefault())
    await press('{Escape}')
    expect(isOpen(parts)).toBe(true)
    add('button')
    await press('{Escape}')
    expect(isOpen(parts)).toBe(false)
  })

  test('closed it is hidden, not ended: it is the same panel when it opens again', async () => {
    const parts = mount({ open: true })
    const panel = await shown(parts)
    await userEvent.click(parts.close())
    expect(panel.isConnected).toBe(true)
    await userEvent.click(parts.button())
    expect(parts.panel()).toBe(panel)
  })

  test('the keys can be others, or none', async () => {
    const parts = mount({ hotkey: 'Ctrl+Shift+KeyU' })
    await press('{Alt>}{Shift>}r{/Shift}{/Alt}')
    expect(isOpen(parts)).toBe(false)
    expect(parts.button().title).toContain('Ctrl+Shift+U')
    await press('{Control>}{Shift>}u{/Shift}{/Control}')
    expect(isOpen(parts)).toBe(true)
    // Also from inside, where the page hears nothing.
    await press('{Control>}{Shift>}u{/Shift}{/Control}')
    expect(isOpen(parts)).toBe(false)

    const none = again({ hotkey: false })
    await press('{Alt>}{Shift>}r{/Shift}{/Alt}')
    expect(isOpen(none)).toBe(false)
  })

  test('clients of the page are seen, whenever they are made', async () => {
    const parts = mount({ open: true })
    await shown(parts)
    const late = createFakeProbe('https://late.test')
    late.register()
    await vi.waitFor(() => expect(textOf(parts.panel())).toContain('late.test'), SOON)
    late.end()
  })

  test('unmounted, nothing of it is left', async () => {
    const before = document.documentElement.childElementCount
    const parts = mount({ open: true })
    await shown(parts)
    for (const end of ends.splice(0)) {
      end()
      end()
    }
    expect(document.querySelector('rivulet-overlay')).toBeNull()
    expect(document.documentElement.childElementCount).toBe(before)
    await press('{Alt>}{Shift>}r{/Shift}{/Alt}')
    expect(document.querySelector('rivulet-overlay')).toBeNull()
  })

  test('unmounted while it loads, it does not come back', async () => {
    const parts = mount({ open: true })
    again({ open: false })
    expect(isOpen(overlayOf())).toBe(false)
    await vi.waitFor(() => expect(parts.host.isConnected).toBe(false), SOON)
    expect(document.querySelectorAll('rivulet-overlay')).toHaveLength(1)
  })
})

describe('one overlay per page', () => {
  test('mounted twice there is one, and it goes with the last', () => {
    const first = mountDevtools({ position: 'top-left' })
    const second = mountDevtools({ hotkey: false })
    expect(document.querySelectorAll('rivulet-overlay')).toHaveLength(1)
    // What the second does not name stays as the first said.
    expect(overlayOf().button().dataset['corner']).toBe('top-left')
    first()
    first()
    expect(document.querySelectorAll('rivulet-overlay')).toHaveLength(1)
    second()
    expect(document.querySelectorAll('rivulet-overlay')).toHaveLength(0)
  })

  test('taken out by the page, it is back with the next mount', () => {
    mount().host.remove()
    expect(overlayOf().host).toBeNull()
    expect(mount({ open: true }).dock().hidden).toBe(false)
  })

  test('two copies of the package share it', async () => {
    const copy = '../../src/overlay/mount-devtools.ts?copy'
    const other = (await import(/* @vite-ignore */ copy)) as { readonly mountDevtools: typeof mountDevtools }
    expect(other.mountDevtools).not.toBe(mountDevtools)
    mount()
    ends.push(other.mountDevtools({ open: true }))
    expect(document.querySelectorAll('rivulet-overlay')).toHaveLength(1)
    expect(isOpen(overlayOf())).toBe(true)
  })
})

describe('place and size', () => {
  test.each(['bottom-right', 'bottom-left', 'top-right', 'top-left'] as const)('the button is %s', (position) => {
    const { x, y } = at(mount({ position }).button())
    expect(y < innerHeight / 2 ? 'top' : 'bottom').toBe(position.split('-')[0])
    expect(x < innerWidth / 2 ? 'left' : 'right').toBe(position.split('-')[1])
  })

  test('there need not be a button', () => {
    expect(mount({ position: 'none' }).button().hidden).toBe(true)
  })

  test('dragged, the button goes to the nearest corner and is there the next time; a drag opens nothing', () => {
    const parts = mount()
    drag(parts.button(), { x: 30, y: 40 })
    parts.button().click()
    expect(isOpen(parts)).toBe(false)
    expect(parts.button().dataset['corner']).toBe('top-left')
    expect(parts.button().style.translate).toBe('')
    expect(again({ position: 'bottom-left' }).button().dataset['corner']).toBe('top-left')
  })

  test('a hand that shakes has clicked', () => {
    const parts = mount()
    const { x, y } = at(parts.button())
    drag(parts.button(), { x: x - 2, y: y - 3 })
    parts.button().click()
    expect(isOpen(parts)).toBe(true)
    expect(parts.button().dataset['corner']).toBe('bottom-right')
  })

  test('the grip sizes the panel by dragging, and it is remembered per edge', () => {
    const parts = mount({ open: true })
    drag(parts.grip(), { x: 100, y: innerHeight - 250 })
    expect(parts.dock().getBoundingClientRect().height).toBe(250)
    parts.turn().click()
    drag(parts.grip(), { x: innerWidth - 333, y: 100 })
    expect(parts.dock().getBoundingClientRect().width).toBe(333)
    expect(parts.dock().getBoundingClientRect().height).toBe(innerHeight)

    const next = again()
    expect(isOpen(next)).toBe(true)
    expect(next.dock().getBoundingClientRect().width).toBe(333)
    next.turn().click()
    expect(next.dock().getBoundingClientRect().height).toBe(250)
  })

  test('and by keys, between its bounds', async () => {
    const parts = mount({ open: true })
    const size = (): number => Number(parts.grip().getAttribute('aria-valuenow'))
    parts.grip().focus()
    const before = size()
    await press('{ArrowUp}')
    expect(size()).toBe(before + 24)
    await press('{ArrowDown}{ArrowDown}')
    expect(size()).toBe(before - 24)
    await press('{Home}{ArrowDown}')
    expect(size()).toBe(120)
    await press('{End}{ArrowUp}')
    expect(size()).toBe(innerHeight)
    expect(parts.dock().getBoundingClientRect().height).toBe(innerHeight)

    parts.turn().click()
    expect(parts.grip().getAttribute('aria-orientation')).toBe('vertical')
    parts.grip().focus()
    await press('{Home}{ArrowLeft}')
    expect(size()).toBe(144)
  })

  test('a size that does not fit this window any more is cut to it', () => {
    localStorage.setItem('rivulet.devtools.overlay', JSON.stringify({ open: true, bottom: 9_999 }))
    expect(mount().dock().getBoundingClientRect().height).toBe(innerHeight)
  })
})

describe('the page and the overlay leave each other alone', () => {
  test('no rule of the page reaches it, however strong', () => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      'html > *{display:none!important;position:static!important;opacity:0!important;font-size:70px!important;pointer-events:auto!important;visibility:hidden!important;transform:scale(3)!important}',
    )
    const parts = mount()
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    try {
      const host = getComputedStyle(parts.host)
      expect([host.display, host.position, host.opacity, host.visibility, host.transform]).toEqual([
        'block',
        'fixed',
        '1',
        'visible',
        'none',
      ])
      expect(host.pointerEvents).toBe('none')
      const { width, right } = parts.button().getBoundingClientRect()
      expect(width).toBe(36)
      expect(right).toBe(innerWidth - 12)
    } finally {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    }
  })

  test('nor the other way', async () => {
    const sheets = document.styleSheets.length + document.adoptedStyleSheets.length
    const button = document.body.appendChild(document.createElement('button'))
    const look = (): string => JSON.stringify(Object.fromEntries(Object.entries(getComputedStyle(button))))
    const before = look()
    await shown(mount({ open: true }))
    expect(look()).toBe(before)
    expect(document.styleSheets.length + document.adoptedStyleSheets.length).toBe(sheets)
  })

  test('clicks beside the button are the page’s', () => {
    mount()
    document.body.style.minHeight = '100vh'
    expect(document.elementFromPoint(innerWidth / 2, 100)?.tagName).not.toBe('RIVULET-OVERLAY')
  })

  test('keys pressed in it are not the page’s shortcuts, nor are clicks outside clicks', async () => {
    const parts = mount({ open: true })
    const panel = await shown(parts)
    const heard: string[] = []
    const hear = ({ type }: Event): void => void heard.push(type)
    const names = ['keydown', 'keyup', 'click', 'pointerdown', 'mousedown', 'focusin']
    for (const name of names) document.addEventListener(name, hear)
    const input = panel.shadowRoot?.appendChild(document.createElement('input'))
    if (input === undefined) throw new Error('the panel has no shadow root')
    await userEvent.click(input)
    await press('1x')
    for (const name of names) document.removeEventListener(name, hear)
    expect(input.value).toBe('1x')
    expect(heard).toEqual([])
  })

  test('a page that loads keeps its focus, also when the panel was open', async () => {
    localStorage.setItem('rivulet.devtools.overlay', '{"open":true}')
    const input = document.body.appendChild(document.createElement('input'))
    input.focus()
    await shown(mount())
    expect(document.activeElement).toBe(input)
  })

  test('its colours are those that were asked for', async () => {
    const parts = mount({ open: true, theme: 'light' })
    const panel = await shown(parts)
    const ground = (): string => getComputedStyle(parts.dock()).backgroundColor
    expect(ground()).toBe('rgb(244, 246, 248)')
    expect(panel.getAttribute('theme')).toBe('light')
    mount({ theme: 'dark' })
    expect(ground()).toBe('rgb(27, 32, 39)')
    expect(panel.getAttribute('theme')).toBe('dark')
  })

  test('the frame follows the switch in the panel', async () => {
    const parts = mount({ open: true })
    const panel = await shown(parts)
    panel.dataset['theme'] = 'light'
    await vi.waitFor(() => expect(getComputedStyle(parts.dock()).backgroundColor).toBe('rgb(244, 246, 248)'), SOON)
    panel.dataset['theme'] = 'dark'
    await vi.waitFor(() => expect(getComputedStyle(parts.dock()).backgroundColor).toBe('rgb(27, 32, 39)'), SOON)
  })
})
