import { type Path, reconcile, stateNode, type TypeNode } from '@rivulet/wire'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bedOf, gardenOf, GardenStore } from '../../../wire/test/support/garden.ts'
import { createTree, type Tree, treeCss } from '../../src/panel/tree.ts'
import { themeCss } from '../../src/panel/theme.css.ts'
import { eventually } from '../support/eventually.ts'

let tree: Tree
let place: HTMLElement
const chosen = vi.fn<(path: Path) => void>()
const activated = vi.fn<(path: Path) => void>()
const node = stateNode(GardenStore)
const { types } = GardenStore
const garden = gardenOf({
  name: 'mine',
  beds: new Map([
    ['a', bedOf({ kind: 'rose' })],
    ['b', bedOf()],
  ]),
  nums: [1, 2],
  tags: new Set(['t']),
})

beforeEach(() => {
  vi.clearAllMocks()
  place = document.createElement('div')
  const style = document.createElement('style')
  style.textContent = themeCss.replaceAll(':host', '.rv-test') + treeCss
  place.className = 'rv-test'
  place.style.cssText = 'display:flex;height:400px;width:500px'
  document.head.append(style)
  document.body.append(place)
  tree = createTree({
    label: 'State',
    root: 'Garden',
    chosen: (row) => chosen(row.path),
    activated: (row) => activated(row.path),
    mark: (row) => (row.path[0] === 'name' ? { note: '2 ◉', class: 'edited' } : undefined),
  })
  place.append(tree.element)
})
afterEach(() => {
  tree.destroy()
  place.remove()
})

const list = (): HTMLElement => tree.element.querySelector('[role=tree]') as HTMLElement
const rows = (): HTMLElement[] =>
  [...list().querySelectorAll<HTMLElement>('[role=treeitem]')].filter((row) => !row.hidden)
const names = (): string[] => rows().map((row) => row.querySelector('.rv-name')?.textContent ?? '')
const row = (name: string): HTMLElement => rows()[names().indexOf(name)] as HTMLElement
const caret = (name: string): HTMLElement => row(name).querySelector('.rv-caret') as HTMLElement
const press = (key: string): void => {
  list().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
}
const input = (): HTMLInputElement => tree.element.querySelector('input') as HTMLInputElement
const selectedName = (): string | undefined =>
  rows()
    .find((element) => element.ariaSelected === 'true')
    ?.querySelector('.rv-name')?.textContent ?? undefined

describe('the tree', () => {
  beforeEach(() => tree.show(types, node, garden))

  it('shows names, values, notes and marks', () => {
    expect(names().slice(0, 6)).toEqual(['Garden', 'name', 'urlPath', 'main', 'spare', 'beds'])
    expect(row('name').textContent).toBe('name"mine"2 ◉')
    expect(row('name').className).toContain('edited')
    expect(row('beds').textContent).toContain('(2) {"a" → {kind: "rose"')
  })

  it('is a tree for screen readers', () => {
    expect([list().ariaLabel, list().tabIndex]).toEqual(['State', 0])
    const root = row('Garden')
    expect([root.ariaLevel, root.ariaExpanded, root.ariaSetSize]).toEqual(['1', 'true', '1'])
    const beds = row('beds')
    expect([beds.ariaLevel, beds.ariaExpanded, beds.ariaPosInSet, beds.ariaSetSize]).toEqual(['2', 'false', '5', '15'])
    expect(row('name').ariaExpanded).toBeNull()
    row('name').click()
    const active = list().getAttribute('aria-activedescendant')
    expect(document.getElementById(active ?? '')).toBe(row('name'))
  })

  it('unfolds with a click on the caret, and with a double click', () => {
    caret('beds').click()
    expect(names()).toContain('a')
    caret('beds').click()
    expect(names()).not.toContain('a')
    row('beds')
      .querySelector('.rv-name')
      ?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))
    expect(names()).toContain('b')
    row('urlPath').dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))
    expect(activated).toHaveBeenCalledExactlyOnceWith(['urlPath'])
  })

  it('is walked with the keys', () => {
    row('beds').click()
    expect(chosen).toHaveBeenLastCalledWith(['beds'])
    press('ArrowRight')
    expect(names()).toContain('a')
    press('ArrowRight')
    expect(selectedName()).toBe('a')
    press('ArrowDown')
    expect(selectedName()).toBe('b')
    press('ArrowLeft')
    expect(selectedName()).toBe('beds')
    press('ArrowLeft')
    expect(names()).not.toContain('a')
    press('Enter')
    expect(names()).toContain('a')
    press('Home')
    expect(selectedName()).toBe('Garden')
    press('ArrowDown')
    press('Enter')
    expect(activated).toHaveBeenCalledExactlyOnceWith(['name'])
  })

  it('keeps the selection when the value changes', () => {
    caret('beds').click()
    row('b').click()
    tree.show(types, node, { ...garden, beds: new Map([['b', bedOf({ count: 3 })]]) })
    expect(selectedName()).toBe('b')
    expect(tree.selected?.path).toEqual(['beds', 'b'])
    tree.show(types, node, { ...garden, beds: null })
    expect([tree.selected, selectedName()]).toEqual([undefined, undefined])
  })

  it('marks what changed, and what is around it', () => {
    const after = reconcile(GardenStore, garden, {
      ...garden,
      beds: new Map([
        ['a', bedOf({ kind: 'rose' })],
        ['b', bedOf({ count: 1 })],
        ['c', bedOf()],
      ]),
    })
    tree.show(types, node, after, garden)
    caret('beds').click()
    caret('b').click()
    const changed = rows()
      .filter(({ className }) => className.includes('changed'))
      .map((element) => element.querySelector('.rv-name')?.textContent)
    expect(changed).toEqual(['Garden', 'beds', 'b', 'count', 'c'])
    tree.show(types, node, after)
    expect(rows().some(({ className }) => className.includes('changed'))).toBe(false)
  })

  it('selects a place from outside', () => {
    expect(tree.select(['beds', 'a', 'kind'])).toBe(true)
    expect(selectedName()).toBe('kind')
    expect(tree.select(['beds', 'gone'])).toBe(false)
  })

  it('shows nothing after clear', () => {
    tree.clear()
    expect(rows()).toEqual([])
    expect(tree.selected).toBeUndefined()
  })

  it('never reads what came over the wire as markup', () => {
    tree.show(types, node, gardenOf({ name: '<img src=x onerror=alert(1)>' }))
    expect(tree.element.querySelector('img')).toBeNull()
    expect(row('name').textContent).toContain('<img')
  })
})

describe('search', () => {
  beforeEach(() => tree.show(types, node, garden))
  const status = (): string => tree.element.querySelector('[role=status]')?.textContent ?? ''
  const enter = (shiftKey = false): void => {
    input().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', shiftKey, bubbles: true, cancelable: true }))
  }

  it('counts, and goes from one to the next', async () => {
    input().value = 'kind'
    input().dispatchEvent(new InputEvent('input'))
    await eventually(() => expect(status()).toBe('3'))
    enter()
    expect(tree.selected?.path).toEqual(['main', 'kind'])
    enter()
    expect([tree.selected?.path, status()]).toEqual([['beds', 'a', 'kind'], '2 of 3'])
    enter(true)
    enter(true)
    expect([tree.selected?.path, status()]).toEqual([['beds', 'b', 'kind'], '3 of 3'])
  })

  it('says when there is nothing, and ends', async () => {
    tree.search('nowhere')
    await eventually(() => expect(status()).toBe('0'))
    enter()
    expect(tree.selected).toBeUndefined()
    input().dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
    expect([input().value, status()]).toEqual(['', ''])
  })

  it('is reached with /, and left with the arrow', () => {
    row('name').click()
    press('/')
    expect(document.activeElement).toBe(input())
    input().dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }))
    expect(document.activeElement).toBe(list())
  })

  it('ends where nobody reads on', async () => {
    const many: TypeNode = { kind: 'array', elem: { kind: 'string' } }
    tree.show(
      [],
      many,
      Array.from({ length: 5000 }, () => 'same'),
    )
    tree.search('same')
    await eventually(() => expect(status()).toBe('1000+'))
  })
})

describe('copying', () => {
  it('puts the selected value on the clipboard, as JSON or JavaScript', async () => {
    const written: string[] = []
    const write = vi
      .spyOn(navigator.clipboard, 'writeText')
      .mockImplementation(async (value) => void written.push(value))
    tree.show(types, node, garden)
    row('nums').click()
    const [json, js] = [...tree.element.querySelectorAll('button')]
    json?.click()
    js?.click()
    await eventually(() => expect(written).toEqual(['[\n  1,\n  2\n]', '[1, 2]']))
    await eventually(() => expect(json?.textContent).toBe('Copied'))
    await eventually(() => expect(json?.textContent).toBe('JSON'))
    write.mockRestore()
  })

  it('says when it was refused', async () => {
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('no'))
    const command = vi.spyOn(document, 'execCommand').mockReturnValue(false)
    tree.show(types, node, garden)
    const [json] = [...tree.element.querySelectorAll('button')]
    json?.click()
    await eventually(() => expect(json?.textContent).toBe('Not copied'))
    expect(tree.element.querySelector('textarea')).toBeNull()
    write.mockRestore()
    command.mockRestore()
  })
})

describe('a map with 100,000 entries', () => {
  const big: TypeNode = { kind: 'map', key: { kind: 'uint32' }, value: { kind: 'struct', ref: 'garden.Bed' } }
  const value = new Map(Array.from({ length: 100_000 }, (_, i) => [i, bedOf({ count: i })]))
  const holder: TypeNode = { kind: 'array', elem: big }

  it('unfolds into as many elements as are visible', async () => {
    tree.show(types, holder, [value])
    caret('0').click()
    expect(rows().length).toBeLessThan(40)
    list().scrollTop = 50_000 * 22
    await eventually(() => expect(names()).toContain('50000'))
    caret('50000').click()
    expect(names()).toContain('count')
    expect(rows().length).toBeLessThan(40)
    press('Home')
    press('End')
    expect(selectedName()).toBe('99999')
  })

  it('is not walked when only a row is drawn', () => {
    let reads = 0
    class Counted extends Map<number, unknown> {
      override get(key: number): unknown {
        reads++
        return super.get(key)
      }
    }
    tree.show(types, holder, [new Counted(value)])
    reads = 0
    caret('0').click()
    tree.redraw()
    tree.redraw()
    expect(reads).toBeLessThan(200)
  })
})
