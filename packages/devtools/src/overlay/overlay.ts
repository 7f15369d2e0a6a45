import { openPanel, type LocalPanel } from '../open-panel.ts'
import { fill, h } from '../panel/h.ts'
import { createDock } from './dock.ts'
import { hotkeyLabel, matchesHotkey } from './hotkey.ts'
import { createLauncher } from './launcher.ts'
import type { DevtoolsOptions, Edge } from './options.ts'
import { overlayCss } from './overlay.css.ts'
import { createMemory } from './remembered.ts'

/** The devtools of one document. */
export interface Overlay {
  readonly element: HTMLElement
  /** Takes over what `options` names; the rest stays. */
  apply(options: DevtoolsOptions): void
  remove(): void
}

const HOTKEY = 'Alt+Shift+KeyR'

/** What a page's own shortcuts, focus traps and "clicked outside" would take for theirs. */
const OWN_EVENTS = [
  'keydown',
  'keyup',
  'keypress',
  'pointerdown',
  'mousedown',
  'touchstart',
  'click',
  'focusin',
] as const

const stop = (event: Event): void => event.stopPropagation()

/** Puts the button on the page. Panel and agent are loaded when it is opened first; closing hides them, so that what the panel shows over the host's values stays until the overlay is removed. */
export function createOverlay(): Overlay {
  const memory = createMemory()
  let { open = false } = memory.value
  let options: DevtoolsOptions = {}
  let panel: Promise<LocalPanel> | undefined
  let before: Element | null = null
  let removed = false

  // Of no known name, so that no rule of the page for its own elements means it.
  const element = document.createElement('rivulet-overlay')
  const shadow = element.attachShadow({ mode: 'open' })
  // A constructed sheet: `style-src 'self'` refuses a style element.
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(overlayCss)
  shadow.adoptedStyleSheets = [sheet]

  const sizeAt = (at: Edge): number =>
    memory.value[at] ?? (at === 'bottom' ? Math.min(420, innerHeight / 2) : Math.min(640, innerWidth / 2))

  const dock = createDock({
    closed: () => show(false),
    placed: (at, size) => memory.add({ [at]: size }),
    turned: (to) => {
      memory.add({ dock: to })
      place(to)
    },
  })
  const launcher = createLauncher(
    '',
    () => show(true),
    (corner) => memory.add({ corner }),
  )
  const edge = (): Edge => memory.value.dock ?? options.dock ?? 'bottom'
  const place = (at: Edge): void => dock.place(at, sizeAt(at))

  const load = async (): Promise<void> => {
    if (panel !== undefined) return
    fill(dock.body, h('p', { class: 'note', role: 'status' }, 'Loading…'))
    const loading = (panel = openPanel())
    try {
      const { element: view } = await loading
      if (removed) return
      follow.observe(view, { attributeFilter: ['data-theme'] })
      theme(view)
      fill(dock.body, view)
    } catch (error) {
      panel = undefined
      const why = error instanceof Error ? error.message : String(error)
      const again = h('button', { type: 'button', onclick: () => void load() }, 'Try again')
      fill(dock.body, h('p', { class: 'note', role: 'alert' }, `The devtools could not be loaded: ${why} `, again))
    }
  }

  /** The panel has a switch of its own, so the frame around it follows the panel. */
  const follow = new MutationObserver(([change]) => {
    const view = change?.target
    if (view instanceof HTMLElement) element.dataset['theme'] = view.dataset['theme'] ?? 'auto'
  })
  const theme = (view = dock.body.querySelector<HTMLElement>('rivulet-devtools')): void => {
    if (options.theme === undefined) return
    element.dataset['theme'] = options.theme
    view?.setAttribute('theme', options.theme)
  }

  const draw = (): void => {
    const { hotkey = HOTKEY, position } = options
    dock.element.hidden = !open
    launcher.element.hidden = open || position === 'none'
    launcher.element.title = `Rivulet devtools${hotkey === false ? '' : ` (${hotkeyLabel(hotkey)})`}`
    if (open) void load()
  }

  /** Focus goes along, and comes back to where it was; unless nobody has just pressed or clicked anything: a page that loads keeps its focus. */
  function show(next: boolean): void {
    if (next === open) return
    open = next
    memory.add({ open })
    if (open) enter()
    else leave()
  }
  const enter = (): void => {
    before = document.activeElement
    draw()
    if (navigator.userActivation.isActive) dock.element.focus()
  }
  const leave = (): void => {
    draw()
    if (!navigator.userActivation.isActive) return
    if (before instanceof HTMLElement && before !== element && before.isConnected) before.focus()
    else launcher.element.focus()
  }

  const onKey = (event: KeyboardEvent): void => {
    const { hotkey = HOTKEY } = options
    if (hotkey === false || !matchesHotkey(hotkey, event)) return
    event.preventDefault()
    event.stopPropagation()
    show(!open)
  }
  const onResize = (): void => place(edge())

  dock.element.addEventListener('keydown', (event) => {
    const [at] = event.composedPath()
    // In a field it ends what is being written there, and is the field's.
    const isField = at instanceof Element && at.matches('input,select,textarea,[contenteditable]')
    if (event.key === 'Escape' && !isField && !event.defaultPrevented) show(false)
  })
  for (const name of OWN_EVENTS) element.addEventListener(name, stop)
  // Captured, because the page may keep keys to itself, and the overlay does.
  addEventListener('keydown', onKey, true)
  addEventListener('resize', onResize)
  shadow.append(launcher.element, dock.element)
  return {
    element,
    apply(more) {
      options = { ...options, ...more }
      // Not into the body: a transform there would move what is fixed, and frameworks that hydrate it count its children. Again, when the page has taken it out.
      if (!element.isConnected) document.documentElement.append(element)
      const { position = 'bottom-right' } = options
      launcher.move(memory.value.corner ?? (position === 'none' ? 'bottom-right' : position))
      theme()
      place(edge())
      if (more.open !== undefined && more.open !== open) show(more.open)
      // It stands open since the page was loaded, and somebody asks for it now.
      else if (more.open === true && shadow.activeElement === null) enter()
      else draw()
    },
    remove() {
      removed = true
      follow.disconnect()
      removeEventListener('keydown', onKey, true)
      removeEventListener('resize', onResize)
      element.remove()
      // One that could not be loaded has said so, and has nothing to end.
      void panel?.then(
        (opened) => opened.close(),
        () => {},
      )
    },
  }
}
