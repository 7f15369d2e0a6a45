import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lateView } from '../../src/panel/late-view.ts'
import type { GotoTarget, MountedView, View } from '../../src/panel/view.ts'
import { eventually } from '../support/eventually.ts'
import { createFakeModel } from '../support/fake-model.ts'

/** A view that says what happens to it, in order. */
interface Told {
  readonly view: View
  readonly log: string[]
}

function told(css = ''): Told {
  const log: string[] = []
  return {
    log,
    view: {
      id: 'wire',
      title: 'The real one',
      css,
      mount(root) {
        log.push('mount')
        root.append('The view')
        return {
          goto: (target) => void log.push(`goto ${target.seq}`),
          update: () => void log.push('update'),
          destroy: () => void log.push('destroy'),
        }
      },
    },
  }
}

const target: GotoTarget = { view: 'wire', seq: 7 }
const model = createFakeModel()
let panels: HTMLElement[]
let reported: unknown[]

const onError = (event: ErrorEvent): void => {
  event.preventDefault()
  reported.push(event.error)
}

beforeEach(() => {
  panels = []
  reported = []
  // What a view reports is an error of the page.
  addEventListener('error', onError)
})
afterEach(() => {
  removeEventListener('error', onError)
  for (const panel of panels) panel.remove()
})

/** Where a view stands in a panel. */
function body(): HTMLElement {
  const panel = document.createElement('div')
  panels.push(panel)
  document.body.append(panel)
  const root = document.createElement('div')
  panel.attachShadow({ mode: 'open' }).append(root)
  return root
}

const sheetsOf = (root: HTMLElement): readonly string[] =>
  (root.getRootNode() as ShadowRoot).adoptedStyleSheets.map(({ cssRules }) => cssRules[0]?.cssText ?? '')
const mount = (view: View, root = body()): MountedView & { readonly root: HTMLElement } => ({
  ...view.mount(root, model),
  root,
})
const shown = (root: HTMLElement, what: string): Promise<void> =>
  eventually(() => expect(root.textContent).toContain(what))

describe('before its code is there', () => {
  it('is a tab like any other, loads nothing, and says that it loads when it is opened', () => {
    const load = vi.fn<() => Promise<View>>(() => new Promise(() => undefined))
    const view = lateView('wire', 'Wire', load)
    expect(view).toMatchObject({ id: 'wire', title: 'Wire', css: '' })
    expect(load).not.toHaveBeenCalled()
    const { root } = mount(view)
    expect(load).toHaveBeenCalledOnce()
    expect(root.querySelector('[role=status]')?.textContent).toBe('Loading…')
  })

  it('leaves updates out, and shows what a link led to last once it is there', async () => {
    const { view, log } = told()
    const { promise, resolve } = Promise.withResolvers<View>()
    const mounted = mount(lateView('wire', 'Wire', () => promise))
    mounted.update()
    mounted.goto?.({ view: 'wire', seq: 6 })
    mounted.goto?.(target)
    resolve(view)
    await shown(mounted.root, 'The view')
    expect(mounted.root.textContent).toBe('The view')
    expect(log).toEqual(['mount', 'update', 'goto 7'])
  })

  it('mounts nothing after it was ended', async () => {
    const { view, log } = told('.ended{color:red}')
    const { promise, resolve } = Promise.withResolvers<View>()
    const late = lateView('wire', 'Wire', () => promise)
    const mounted = mount(late)
    mounted.destroy()
    const before = mounted.root.innerHTML
    resolve(view)
    // The next place gets it, so that it has arrived.
    await shown(mount(late).root, 'The view')
    expect(mounted.root.innerHTML).toBe(before)
    expect(sheetsOf(mounted.root)).toEqual([])
    expect(log).toEqual(['mount', 'update'])
  })

  it('says nothing of a failure after it was ended', async () => {
    const { promise, reject } = Promise.withResolvers<View>()
    const late = lateView('wire', 'Wire', () => promise)
    const ended = mount(late)
    const other = mount(late)
    ended.destroy()
    reject(new Error('offline'))
    await shown(other.root, 'offline')
    expect(ended.root.textContent).not.toContain('offline')
    expect(reported).toHaveLength(1)
  })
})

describe('once its code is there', () => {
  it('passes on updates, links and the end', async () => {
    const { view, log } = told()
    const mounted = mount(lateView('wire', 'Wire', () => Promise.resolve(view)))
    await shown(mounted.root, 'The view')
    log.length = 0
    mounted.update()
    mounted.goto?.(target)
    mounted.destroy()
    expect(log).toEqual(['update', 'goto 7', 'destroy'])
  })

  it('has loaded once, also for tabs that were opened meanwhile, and the next is there at once', async () => {
    const { view, log } = told()
    const { promise, resolve } = Promise.withResolvers<View>()
    const load = vi.fn<() => Promise<View>>(() => promise)
    const late = lateView('wire', 'Wire', load)
    const [first, second] = [mount(late), mount(late)]
    resolve(view)
    await shown(first.root, 'The view')
    await shown(second.root, 'The view')
    expect(log).toEqual(['mount', 'update', 'mount', 'update'])
    expect(mount(late).root.textContent).toBe('The view')
    expect(load).toHaveBeenCalledOnce()
  })

  it('gives its style sheet to each panel once', async () => {
    const { view } = told('.rv-late { color: red; }')
    const late = lateView('wire', 'Wire', () => Promise.resolve(view))
    const first = mount(late)
    await shown(first.root, 'The view')
    expect(sheetsOf(first.root)).toEqual(['.rv-late { color: red; }'])
    first.root.replaceChildren()
    mount(late, first.root)
    expect(sheetsOf(first.root)).toHaveLength(1)

    const other = body()
    const own = new CSSStyleSheet()
    own.replaceSync('.own { color: blue; }')
    ;(other.getRootNode() as ShadowRoot).adoptedStyleSheets = [own]
    mount(late, other)
    expect(sheetsOf(other)).toEqual(['.own { color: blue; }', '.rv-late { color: red; }'])
  })
})

describe('a failure', () => {
  it('to load is shown and reported, and the next try loads again', async () => {
    const { view, log } = told()
    const load = vi.fn<() => Promise<View>>()
    load.mockRejectedValueOnce(new Error('Failed to fetch')).mockResolvedValueOnce(view)
    const mounted = mount(lateView('wire', 'Wire', load))
    await shown(mounted.root, 'This view failed: Failed to fetch')
    expect(mounted.root.querySelector('[role=alert]')).not.toBeNull()
    expect(reported).toMatchObject([{ message: 'Failed to fetch' }])
    mounted.goto?.(target)
    mounted.root.querySelector('button')?.click()
    expect(mounted.root.textContent).toBe('Loading…')
    await shown(mounted.root, 'The view')
    expect(load).toHaveBeenCalledTimes(2)
    expect(log).toEqual(['mount', 'update', 'goto 7'])
    expect(reported).toHaveLength(1)
  })

  it('to load does not stay for whoever opens the tab later', async () => {
    const { view } = told()
    const load = vi.fn<() => Promise<View>>()
    load.mockRejectedValueOnce(new Error('offline')).mockResolvedValueOnce(view)
    const late = lateView('wire', 'Wire', load)
    await shown(mount(late).root, 'offline')
    await shown(mount(late).root, 'The view')
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('to mount is shown and reported; trying again mounts anew without loading', async () => {
    const { view, log } = told()
    const load = vi.fn<() => Promise<View>>(() => Promise.resolve(broken))
    let fails = true
    const broken: View = {
      ...view,
      mount(root, of) {
        if (!fails) return view.mount(root, of)
        root.append('half of it')
        throw new TypeError('no such field')
      },
    }
    const mounted = mount(lateView('wire', 'Wire', load))
    await shown(mounted.root, 'This view failed: no such field')
    expect(mounted.root.textContent).not.toContain('half of it')
    expect(reported).toMatchObject([{ name: 'TypeError' }])
    mounted.update()
    fails = false
    mounted.root.querySelector('button')?.click()
    await shown(mounted.root, 'The view')
    expect(load).toHaveBeenCalledOnce()
    expect(log).toEqual(['mount', 'update'])
  })

  it('of the first update ends what was mounted, once', async () => {
    const { view, log } = told()
    const broken: View = {
      ...view,
      mount(root, of) {
        const update = (): void => {
          throw new Error('cannot draw')
        }
        return { ...view.mount(root, of), update }
      },
    }
    const mounted = mount(lateView('wire', 'Wire', () => Promise.resolve(broken)))
    await shown(mounted.root, 'This view failed: cannot draw')
    expect(mounted.root.textContent).not.toContain('The view')
    expect(log).toEqual(['mount', 'destroy'])
    mounted.update()
    mounted.destroy()
    expect(log).toEqual(['mount', 'destroy'])
  })
})
