import type { ClientModel } from './client-model.ts'
import { fill, h, messageOf } from './h.ts'
import type { GotoTarget, MountedView, View } from './view.ts'

/**
 * A view whose code is loaded when its tab is first opened, so that opening the panel costs only what it shows. Its style sheet goes to the panel with it.
 *
 * @example
 * lateView('wire', 'Wire', async () => (await import('./wire/index.ts')).wireView)
 */
export function lateView(id: View['id'], title: string, load: () => Promise<View>): View {
  let loading: Promise<View> | undefined
  let loaded: View | undefined
  const fetch = (): Promise<View> => {
    loading ??= load().then(
      (view) => (loaded = view),
      (error: unknown) => {
        // Asked again, it is tried again: the network may be back.
        loading = undefined
        throw error
      },
    )
    return loading
  }

  const mountLate = (root: HTMLElement, model: ClientModel): MountedView => {
    let view: MountedView | undefined
    let target: GotoTarget | undefined
    let ended = false
    const failed = (error: unknown): void => {
      if (ended) return
      const again = h('button', { onclick: () => begin() }, 'Try again')
      fill(root, h('div', { class: 'empty bad', role: 'alert' }, `This view failed: ${messageOf(error)} `, again))
      reportError(error)
    }
    const begin = (): void => {
      fill(root, h('div', { class: 'empty', role: 'status' }, 'Loading…'))
      show().catch(failed)
    }
    const show = async (): Promise<void> => {
      const real = await fetch()
      if (ended) return
      root.replaceChildren()
      adopt(root, real.css)
      view = real.mount(root, model)
      view.update()
      if (target !== undefined) view.goto?.(target)
    }
    begin()
    return {
      update: () => view?.update(),
      goto(to) {
        if (view === undefined) target = to
        else view.goto?.(to)
      },
      destroy() {
        ended = true
        view?.destroy()
      },
    }
  }

  return {
    id,
    title,
    css: '',
    mount(root, model) {
      if (loaded === undefined) return mountLate(root, model)
      adopt(root, loaded.css)
      return loaded.mount(root, model)
    },
  }
}

const sheets = new Map<string, CSSStyleSheet>()

/** Gives a style sheet to the panel around `root`, once. */
function adopt(root: HTMLElement, css: string): void {
  const scope = root.getRootNode()
  if (!(scope instanceof ShadowRoot || scope instanceof Document)) return
  let sheet = sheets.get(css)
  if (sheet === undefined) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    sheets.set(css, sheet)
  }
  if (!scope.adoptedStyleSheets.includes(sheet)) scope.adoptedStyleSheets = [...scope.adoptedStyleSheets, sheet]
}
