import type { PanelTransport } from '../protocol.ts'
import type { ClientModel } from './client-model.ts'
import { fill, h, messageOf, text } from './h.ts'
import { createPanelLine, type PanelLine } from './panel-line.ts'
import { keepSettings, readSettings, type Theme } from './settings.ts'
import type { GotoTarget, MountedView, View } from './view.ts'

/** The panel around its views. */
export interface Shell {
  readonly element: HTMLElement
  /** Speaks over this line from now on; whatever it asked for over one before ends. Undefined for none. */
  connect(transport: PanelTransport | undefined): void
  /** Opens a tab. */
  open(view: View['id']): void
  destroy(): void
}

/** A view that has drawn rests so long, and so many times as long as that took: nobody reads faster, and the page's own frames come first. */
const REST_MS = 80
const REST_SHARE = 4

const THEMES: readonly Theme[] = ['auto', 'dark', 'light']

/**
 * Builds header, tabs and the body for the views. `setTheme` is told when somebody picks another theme.
 *
 * The visible view's `update` runs in an animation frame, and only when something in its model changed: at once after a while of silence, some twelve times a second while much passes, and less often when it takes long. Frames do not
 * come while the page is hidden, so neither do updates.
 */
export function createShell(views: readonly [View, ...View[]], theme: Theme, setTheme: (theme: Theme) => void): Shell {
  let line: PanelLine | undefined
  let model: ClientModel | undefined
  let mounted: MountedView | undefined
  let current = views.find(({ id }) => id === readSettings().tab) ?? views[0]
  let drawn = -1
  let restUntil = 0
  let frame = 0

  const body = h('div', { class: 'rv-body', role: 'tabpanel', id: 'rv-body', tabIndex: -1 })
  const pick = h('select', { class: 'rv-pick', 'aria-label': 'Client', onchange: () => choose(pick.value) })
  const dot = h('span', { class: 'rv-dot', 'aria-hidden': 'true' })
  const state = h('span')
  const local = h('button', {
    class: 'warn',
    hidden: true,
    title: 'This page shows values that the host does not have',
    onclick: () => open('stores'),
  })
  const tabs = views.map((view, i) =>
    h(
      'button',
      {
        class: 'rv-tab',
        role: 'tab',
        id: `rv-tab-${view.id}`,
        'aria-controls': 'rv-body',
        title: `Key ${i + 1}`,
        onclick: () => open(view.id),
      },
      view.title,
    ),
  )
  const tablist = h('div', { class: 'rv-tabs', role: 'tablist', 'aria-label': 'Views' }, ...tabs)
  const pause = h('button', { title: 'Adds nothing to the lists while paused', onclick: () => togglePause() }, 'Pause')
  const clear = h('button', { title: 'Forgets what passed so far', onclick: () => model?.clear() }, 'Clear')
  const themes = h('button', { onclick: () => nextTheme() })
  const element = h(
    'div',
    { class: 'rv-shell' },
    h(
      'div',
      { class: 'bar rv-head' },
      pick,
      h('span', { class: 'rv-state', role: 'status' }, dot, state),
      tablist,
      h('span', { class: 'grow' }),
      local,
      pause,
      clear,
      themes,
    ),
    body,
  )

  const schedule = (): void => {
    frame ||= requestAnimationFrame(tick)
  }
  const tick = (): void => {
    frame = 0
    if (line === undefined) return showNothing('There is no page to look at.')
    drawClients(line)
    drawState()
    if (model === undefined) {
      if (line.notes.length > 0) return showNothing(line.notes.join('; '))
      showNothing(
        line.problem ??
          (line.greeted
            ? 'There is no client on this page. It shows up here when createClient is called, with the devtools option on (in development it is).'
            : 'Waiting for the page…'),
      )
      return
    }
    if (mounted === undefined) mount()
    else if (drawn !== model.version) {
      const began = performance.now()
      if (began < restUntil) return schedule()
      drawn = model.version
      guard(() => mounted?.update())
      const ended = performance.now()
      restUntil = ended + Math.max(REST_MS, REST_SHARE * (ended - began))
    }
  }

  const mount = (): void => {
    unmount()
    for (const [i, { id }] of views.entries()) {
      const selected = id === current.id
      const tab = tabs[i] as HTMLElement
      tab.ariaSelected = String(selected)
      tab.tabIndex = selected ? 0 : -1
    }
    body.setAttribute('aria-labelledby', `rv-tab-${current.id}`)
    if (model === undefined) return
    const of = model
    drawn = of.version
    guard(() => {
      mounted = current.mount(body, of)
      mounted.update()
    })
  }
  const unmount = (): void => {
    const last = mounted
    mounted = undefined
    // A view that cannot even end must not hold up the next.
    if (last !== undefined) guard(() => last.destroy())
    body.replaceChildren()
  }
  /** A view that fails says so in its place; the others go on. */
  const guard = (run: () => void): void => {
    try {
      run()
    } catch (error) {
      const what = messageOf(error)
      mounted = { update: () => undefined, destroy: () => undefined }
      fill(body, h('div', { class: 'empty bad', role: 'alert' }, `This view failed: ${what}. The others go on.`))
      reportError(error)
    }
  }
  const showNothing = (why: string): void => {
    if (mounted !== undefined) unmount()
    const shown = body.firstElementChild
    if (shown?.className === 'empty') text(shown, why)
    else fill(body, h('div', { class: 'empty' }, why))
  }

  let listed = ''
  const drawClients = (of: PanelLine): void => {
    // A client that has ended stays to be looked at, until the app makes it again (hot reload) or somebody picks another.
    const info = model?.info
    const isThere = info !== undefined && of.clients.some(({ id }) => id === info.id)
    if (!isThere) {
      const next =
        of.clients.find(({ url }) => url === info?.url) ?? (info === undefined ? of.clients.at(-1) : undefined)
      if (next !== undefined) choose(next.id)
    }
    const shown = model?.info
    const all =
      shown === undefined || of.clients.some(({ id }) => id === shown.id) ? of.clients : [shown, ...of.clients]
    const label = ({ id, page, url }: (typeof all)[number]): string =>
      `${page === '' ? '' : `${page} · `}${url}${of.clients.some((client) => client.id === id) ? '' : ' (ended)'}`
    const key = JSON.stringify([shown?.id, all.map((client) => [client.id, label(client)])])
    if (key === listed) return
    listed = key
    fill(pick, ...all.map((client) => h('option', { value: client.id }, label(client))))
    if (shown !== undefined) pick.value = shown.id
    pick.disabled = all.length === 0
  }
  const drawState = (): void => {
    const status = model?.hello?.status
    const kind =
      status === undefined
        ? 'bad'
        : status.state === 'connected'
          ? 'good'
          : status.state === 'disconnected' || status.state === 'disposed'
            ? 'bad'
            : 'warn'
    const words = line?.problem ?? status?.state ?? (model === undefined ? 'no client' : (model.gone ?? 'attaching'))
    dot.className = `rv-dot ${model === undefined || (status === undefined && model.gone === undefined) ? '' : kind}`
    text(state, words)
    const edits = [...(model?.shown.values() ?? [])].reduce((sum, writes) => sum + writes.length, 0)
    local.hidden = edits === 0
    text(local, `✎ ${edits} local`)
    pause.ariaPressed = String(model?.paused === true)
    text(pause, model?.paused === true ? 'Paused' : 'Pause')
    pause.disabled = clear.disabled = model === undefined
  }
  const choose = (id: string): void => {
    const next = line?.open(id)
    if (next === undefined || next === model) return
    model = next
    listed = ''
    mount()
    schedule()
  }
  const open = (id: View['id']): void => {
    const next = views.find((view) => view.id === id)
    if (next === undefined) return
    if (next !== current || mounted === undefined) {
      current = next
      keepSettings({ tab: id })
      mount()
    }
  }
  const togglePause = (): void => {
    if (model !== undefined) model.paused = !model.paused
    schedule()
  }
  const nextTheme = (): void => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] as Theme
    drawTheme()
    keepSettings({ theme })
    setTheme(theme)
  }
  const drawTheme = (): void => {
    text(themes, theme === 'auto' ? 'Auto' : theme === 'dark' ? 'Dark' : 'Light')
    themes.ariaLabel = `Theme: ${theme}`
  }

  tablist.addEventListener('keydown', (event) => {
    const at = views.indexOf(current)
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: views.length - 1,
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = (to + views.length) % views.length
    open((views[next] as View).id)
    tabs[next]?.focus()
  })
  element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    const view = views[Number(event.key) - 1]
    if (view === undefined) return
    event.preventDefault()
    open(view.id)
  })
  const goTo = (event: Event): void => {
    const target = (event as CustomEvent<GotoTarget>).detail
    if (!views.some(({ id }) => id === target.view)) return
    event.stopPropagation()
    open(target.view)
    guard(() => mounted?.goto?.(target))
  }
  element.addEventListener('rv-goto', goTo)
  drawTheme()
  mount()
  schedule()

  return {
    element,
    connect(transport) {
      line?.close()
      unmount()
      model = undefined
      listed = ''
      line = transport === undefined ? undefined : createPanelLine(transport, schedule)
      schedule()
    },
    open,
    destroy() {
      line?.close()
      unmount()
      // Last, because a line that closes says that something changed: the view would be mounted again.
      cancelAnimationFrame(frame)
    },
  }
}

/** Whether the key goes into a field. */
function isTyping(event: Event): boolean {
  const [target] = event.composedPath()
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox]),textarea,select')
}
