import { onceLoaded } from '../once-loaded.ts'
import type { ClientModel } from './client-model.ts'
import { fill, h, messageOf } from './h.ts'
import type { GotoTarget, MountedView, View } from './view.ts'

/**
 * A view whose code is loaded when its tab is first opened, so that opening the panel costs only what it shows. Its style sheet goes to the panel with it.
 *
 * @example
 * lateView('wire', 'Wire', late.wire)
 */
export function lateView(id: View['id'], title: string, load: () => Promise<View>): View {
  const code = onceLoaded(load)

  const mountLate = (root: HTMLElement, model: ClientModel): MountedView => {
    let view: MountedView | undefined
    let target: GotoTarget | undefined
    let ended = false
    const failed = (error: unknown): void => {
      const half = view
      view = undefined
      if (ended) return
      const again = h('button', { onclick: () => void begin() }, 'Try again')
      fill(root, h('div', { class: 'empty bad', role: 'alert' }, `This view failed: ${messageOf(error)} `, again))
      reportError(error)
      // What was begun before it failed ends, so that it is not there twice after the next try.
      half?.destroy()
    }
    const begin = async (): Promise<void> => {
      fill(root, h('div', { class: 'empty', role: 'status' }, 'Loading…'))
      try {
        const real = await code.get()
        if (ended) return
        root.replaceChildren()
        adopt(root, real.css)
        view = real.mount(root, model)
        view.update()
        if (target !== undefined) view.goto?.(target)
      } catch (error) {
        failed(error)
      }
    }
    void begin()
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
      const real = code.now
      if (real === undefined) return mountLate(root, model)
      adopt(root, real.css)
      return real.mount(root, model)
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
