import { encodeDelta, encodeState, encodeValue } from '@rivulet/wire'
import { expect, test, vi } from 'vitest'
import { wireView } from '../../../../src/panel/views/wire/index.ts'
import { createFakeModel, type FakeModel } from '../../../support/fake-model.ts'
import { choose, mountView, type OnPage, rowsOf, type } from '../../../support/mount-view.ts'
import { Add, Horn, type Yard, YardStore, yardWith } from '../../../support/yard.ts'

const b1Moved = encodeDelta(YardStore, { boats: { mods: new Map([['b1', { x: { set: 7.5 } }]]) } })
const messages = (page: OnPage): readonly string[] => rowsOf(page, 'Messages')
const parts = (page: OnPage): readonly string[] => rowsOf(page, 'Meaning of the bytes')
const click = (page: OnPage, seq: number): void => page.view.goto?.({ view: 'wire', seq })

function traffic(model: FakeModel): void {
  model.frame('storesub', 'out', { store: 'YardStore', action: 'subscribe', key: '' })
  model.frame(
    'storeupdate',
    'in',
    { store: 'YardStore', update: 'full', took: 0.3 },
    encodeState(YardStore, yardWith(5)),
  )
  model.frame(
    'rpccall',
    'out',
    { name: Add.name, call: 1 },
    encodeValue(Add.types, { kind: 'struct', ref: Add.request }, { x: 2, y: 40 }),
  )
  model.frame(
    'rpccallresp',
    'in',
    { name: Add.name, call: 1 },
    encodeValue(Add.types, { kind: 'struct', ref: Add.response }, { result: 42, error: null }),
  )
  model.frame(
    'keyedevent',
    'in',
    { store: Horn.store, name: Horn.name, key: 'r&1' },
    encodeValue(Horn.types, { kind: 'struct', ref: Horn.packet }, { from: 'sea' }),
  )
  model.frame(
    'storeupdate',
    'in',
    { store: 'YardStore', update: 'partial' },
    encodeDelta(YardStore, { boats: { mods: new Map([['b1', { x: { set: 7.5 } }]]) } }),
  )
  model.patch(1, 1, 6)
}

test('every entry has a row: direction, kind, what it is about, size, time', () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  expect(messages(page).map((row) => row.split('|').slice(1, 5).join('|'))).toEqual([
    '→ out|storesub|YardStore|0 B',
    `← in|storeupdate|YardStore full|${encodeState(YardStore, yardWith(5)).length} B`,
    '→ out|rpccall|Yard.Add #1|2 B',
    '← in|rpccallresp|Yard.Add #1|2 B',
    '← in|keyedevent|Yard.Horn of YardStore r&1|4 B',
    `← in|storeupdate|YardStore partial|${b1Moved.length} B`,
    '⇢ page|patch|1 to page 1 from #1–6|20 B',
  ])
  expect(messages(page)[1]).toContain('0.3 ms')
})

test('what passes later is added, and the list stays at its end until somebody scrolls', async () => {
  const model = createFakeModel()
  const page = mountView(wireView, model)
  expect(page.find('.rv-messages .empty').textContent).toBe('Nothing has passed yet.')
  for (let i = 0; i < 500; i++) model.frame('event', 'in', { name: `E${i}` })
  page.view.update()
  expect(messages(page).at(-1)).toContain('E499')
  const list = page.find('[aria-label="Messages"]')
  list.scrollTop = 0
  await expect.poll(() => page.button('Follow').getAttribute('aria-pressed')).toBe('false')
  model.frame('event', 'in', { name: 'late' })
  page.view.update()
  expect(messages(page).join()).not.toContain('late')
  page.button('Follow').click()
  expect(messages(page).at(-1)).toContain('late')
})

test('who has scrolled away keeps what he looks at, and what is selected, while the oldest go', async () => {
  const model = createFakeModel(200)
  for (let i = 0; i < 200; i++) model.frame('event', 'in', { name: `E${i}` })
  const page = mountView(wireView, model)
  const list = page.find('[aria-label="Messages"]')
  click(page, 121)
  const top = (): string => messages(page)[4] ?? ''
  const before = top()
  expect(page.find('[aria-label="Messages"] [aria-selected=true]').textContent).toContain('E120')
  for (let i = 0; i < 50; i++) model.frame('event', 'in', { name: `N${i}` })
  page.view.update()
  await expect.poll(top).toBe(before)
  expect(page.find('[aria-label="Messages"] [aria-selected=true]').textContent).toContain('E120')
  expect(list.scrollTop).toBeGreaterThan(0)
})

test('filters by direction, kind, store and text, in what comes later too', () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  const names = (): string =>
    messages(page)
      .map((row) => row.split('|').slice(2, 4).join(' '))
      .join(', ')
  choose(page.find('[aria-label=Direction]'), 'out')
  expect(names()).toBe('storesub YardStore, rpccall Yard.Add #1')
  model.frame('rpccall', 'out', { name: 'Yard.Poke' })
  model.frame('event', 'in', { name: 'Yard.Ping' })
  page.view.update()
  expect(names()).toBe('storesub YardStore, rpccall Yard.Add #1, rpccall Yard.Poke')
  choose(page.find('[aria-label=Kind]'), 'rpccall')
  expect(names()).toBe('rpccall Yard.Add #1, rpccall Yard.Poke')
  type(page.find('input[type=search]'), 'POKE')
  expect(names()).toBe('rpccall Yard.Poke')
  expect(page.find('[role=status]').textContent).toBe('1 of 9')
  type(page.find('input[type=search]'), 'nothing is called so')
  expect(page.find('.rv-messages .empty').textContent).toBe('Nothing passes the filter.')
  type(page.find('input[type=search]'), '')
  choose(page.find('[aria-label=Kind]'), '')
  choose(page.find('[aria-label=Direction]'), '')
  choose(page.find('[aria-label=Store]'), 'YardStore')
  expect(names()).toBe(
    'storesub YardStore, storeupdate YardStore full, keyedevent Yard.Horn of YardStore r&1, storeupdate YardStore partial',
  )
})

test('pauses and clears the model', () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  page.button('Pause').click()
  expect(model.paused).toBe(true)
  expect(page.button('Pause').getAttribute('aria-pressed')).toBe('true')
  page.button('Pause').click()
  expect(model.paused).toBe(false)
  page.button('Clear').click()
  expect(messages(page)).toEqual([])
})

test('names every byte of the selected message', async () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  click(page, 6)
  await expect.poll(() => parts(page).length).toBeGreaterThan(5)
  expect(parts(page).some((row) => row.endsWith('|YardStore.boats["b1"].x|float64|7.5'))).toBe(true)
  const shown = page.all('.hex .b[data-at]:not([data-at=""])').map((cell) => cell.textContent)
  expect(shown.join('')).toBe(
    hexOf(encodeDelta(YardStore, { boats: { mods: new Map([['b1', { x: { set: 7.5 } }]]) } })),
  )
})

test('names the bytes of arguments, responses and events', async () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  click(page, 3)
  await expect.poll(() => parts(page)).toEqual(['0|Yard.Add.x|int32|2', '1|Yard.Add.y|int32|40'])
  click(page, 4)
  await expect.poll(() => parts(page)[0]).toBe('0|Yard.Add.result|int64|42')
  expect(parts(page)[1]).toBe('1|Yard.Add.error|null flag: null|1')
  click(page, 5)
  await expect.poll(() => parts(page).at(-1)).toBe('1–3|Yard.Horn.from|text|"sea"')
})

test('a byte under the pointer marks its part, and the other way', async () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  click(page, 5)
  await expect.poll(() => parts(page).length).toBe(2)
  const over = (element: HTMLElement): boolean =>
    element.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, composed: true }))
  over(page.find('.hex .b[data-at="2"]'))
  const hot = (): readonly string[] => page.all('.hex .hot').map((cell) => cell.dataset['at'] ?? '')
  expect(hot()).toEqual(['1', '2', '3'])
  expect(page.all('.rv-row.hot').map((row) => row.textContent)).toEqual(['1–3Yard.Horn.fromtext"sea"'])
  expect(page.find('.says').textContent).toBe('Yard.Horn.from — text — "sea"')
  over(page.find('[aria-label="Meaning of the bytes"] .rv-row'))
  expect(hot()).toEqual(['0'])
})

test('bytes and their parts can be walked with the keyboard', async () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  click(page, 2)
  await expect.poll(() => parts(page).length).toBeGreaterThan(5)
  const hex = page.find('[aria-label="Bytes"]')
  const press = (key: string): boolean =>
    hex.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  const at = (): string | undefined => page.all('.hex .b.at')[0]?.dataset['at']
  press('ArrowRight')
  expect(at()).toBe('0')
  press('ArrowDown')
  expect(at()).toBe('16')
  press('ArrowLeft')
  expect(at()).toBe('15')
  press('ArrowUp')
  expect(at()).toBe('0')
  const selected = (): string => page.find('[aria-label="Meaning of the bytes"] [aria-selected=true]').textContent
  expect(selected()).toContain('length of yard.Yard')
  page
    .find('[aria-label="Meaning of the bytes"]')
    .dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }))
  expect(selected()).toContain('YardStore.serial')
})

test('without a schema the entries of a store still show, and of anything else its bytes', async () => {
  const model = createFakeModel()
  model.stores.clear()
  model.requests.clear()
  traffic(model)
  const page = mountView(wireView, model)
  click(page, 2)
  await expect.poll(() => parts(page).filter((row) => row.includes('id of an unknown field')).length).toBeGreaterThan(3)
  expect(page.find('.says').textContent).toContain('22 parts')
  click(page, 3)
  await expect.poll(() => parts(page)).toEqual(['0–1|Yard.Add|no schema|'])
})

test('bytes that are gone, and an engine that is, are said', async () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  const says = (): string => page.find('.rv-detail > .empty').textContent
  model.forget(2)
  click(page, 2)
  await expect.poll(says).toContain('no longer kept')
  click(page, 1)
  await expect.poll(says).toBe('This message has no binary part.')
  click(page, 7)
  await expect.poll(says).toContain('no message to the host')
  model.failure = new Error('the engine has gone')
  click(page, 6)
  await expect.poll(says).toBe('the engine has gone')
})

test('an answer that comes late does not replace what was selected since', async () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  let release: () => void = () => undefined
  model.hold = new Promise((resolve) => (release = resolve))
  click(page, 2)
  model.hold = undefined
  click(page, 3)
  await expect.poll(() => parts(page).length).toBe(2)
  release()
  await vi.waitFor(() => expect(model.asked.filter(([seq]) => seq === 2).length).toBeGreaterThan(0))
  await Promise.resolve()
  expect(parts(page).length).toBe(2)
})

test('malformed bytes are named up to the fault, which is said', async () => {
  const model = createFakeModel()
  const bytes = encodeState(YardStore, yardWith(3)).slice(0, 30)
  bytes[0] = 29
  model.frame(
    'storeupdate',
    'in',
    { store: 'YardStore', update: 'full', error: { code: 'truncated', what: 'the bytes end too early' } },
    bytes,
  )
  const page = mountView(wireView, model)
  click(page, 1)
  await expect.poll(() => parts(page).length).toBeGreaterThan(3)
  expect(parts(page).at(-1)).toMatch(/incomplete|not read/)
  expect(page.find('.rv-meta').textContent).toContain('the bytes end too early')
  expect(page.find('.rv-warns').textContent).toContain('a length of 9 with 1 bytes left: YardStore at byte 3')
  expect(page.find('.rv-row.failed').textContent).toContain('⚠')
})

test('a large message is taken apart in steps, and only what is visible becomes elements', async () => {
  const model = createFakeModel()
  const bytes = encodeState(YardStore, yardWith(40_000))
  expect(bytes.length).toBeGreaterThan(1_000_000)
  model.frame('storeupdate', 'in', { store: 'YardStore', update: 'full' }, bytes)
  const page = mountView(wireView, model)
  click(page, 1)
  await expect.poll(() => page.find('.says').textContent).toContain('4001 parts')
  expect(page.all('*').length).toBeLessThan(3000)
  const more = page.button('Show more')
  more.click()
  expect(page.find('.says').textContent).toContain('32001 parts')
  page.find('[aria-label="Bytes"]').scrollTop = 1e9
  await expect
    .poll(() => page.all('.hex .rv-row:not([hidden]) .off').at(-1)?.textContent)
    .toBe((Math.floor((bytes.length - 1) / 16) * 16).toString(16).padStart(6, '0'))
  more.click()
  expect(page.find('.says').textContent).toContain('256001 parts')
  // A bound, as for everything; the bytes are all there.
  expect(more.hidden).toBe(true)
})

test('a million entries: each is read once, and only visible rows are drawn', () => {
  const model = createFakeModel()
  let reads = 0
  const { entries } = model
  const counting = Object.create(entries) as FakeModel['entries']
  Object.defineProperty(model, 'entries', {
    value: Object.assign(counting, {
      at(index: number) {
        reads++
        return entries.at(index)
      },
    }),
  })
  const page = mountView(wireView, model)
  let texts = 0
  const watching = new MutationObserver((changes) => (texts += changes.length))
  watching.observe(page.root, { childList: true, subtree: true, characterData: true })
  const updates = 200
  for (let i = 0; i < updates; i++) {
    for (let j = 0; j < 5000; j++) model.frame('event', 'in', { name: 'E' })
    page.view.update()
    texts += watching.takeRecords().length
  }
  expect(reads).toBe(1_000_000)
  const rows = page.all('[aria-label="Messages"] .rv-row').length
  expect(rows).toBeLessThan(60)
  // A few cells of each row that is visible, and the line above the list.
  expect(texts / updates).toBeLessThan(rows * 7 + 20)
  expect(page.find('[role=status]').textContent).toBe('20,000 of 20,000')
  // Two busy cores take long for a million of anything.
}, 120_000)

test('warnings are found in the bytes of what passes, summed, and filter the list', async () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  const boats = yardWith(5).boats
  model.frame(
    'storeupdate',
    'in',
    { store: 'YardStore', update: 'partial' },
    encodeDelta(YardStore, { boats: { whole: boats } }),
  )
  model.frame(
    'storeupdate',
    'in',
    { store: 'YardStore', update: 'partial' },
    encodeDelta(YardStore, { boats: { sets: boats } }),
  )
  model.frame('storesub', 'out', { store: 'YardStore', action: 'subscribe', key: 'Boots%&b1' })
  page.view.update()
  await expect.poll(() => page.find('.rv-chips').textContent).toContain('1 re-sends a whole collection')
  expect(page.find('.rv-chips').textContent).toContain('1 gives every key again')
  expect(page.find('.rv-chips').textContent).toContain('1 key matches no field')
  page.button('gives every key').click()
  expect(messages(page)).toHaveLength(1)
  page.find('[aria-label="Messages"] .rv-row').click()
  expect(page.find('.rv-warns').textContent).toContain('YardStore.boats, 5 keys')
  expect(page.find('.rv-warns').textContent).toContain('Write only the elements that changed.')
  page.button('gives every key').click()
  expect(messages(page).length).toBeGreaterThan(5)
})

test('a link leads to its entry, also through a filter, and to a path in its bytes', async () => {
  const model = createFakeModel()
  traffic(model)
  const page = mountView(wireView, model)
  choose(page.find('[aria-label=Direction]'), 'out')
  page.view.goto?.({ view: 'wire', seq: 6, path: 'YardStore.boats["b1"].x' })
  expect((page.find('[aria-label=Direction]') as HTMLSelectElement).value).toBe('')
  expect(page.find('[aria-label="Messages"] [aria-selected=true]').textContent).toContain('partial')
  await expect
    .poll(() =>
      page
        .all('[aria-label="Meaning of the bytes"] [aria-selected=true]')
        .map((row) => row.textContent)
        .join(),
    )
    .toContain('boats["b1"].x')
  page.view.goto?.({ view: 'wire', seq: 999 })
  expect(page.all('[aria-label="Messages"] [aria-selected=true]')).toEqual([])
})

test('texts of the host are never markup', async () => {
  const model = createFakeModel()
  const evil: Yard = { ...yardWith(1), title: '<img src=x onerror=boom()>' }
  model.frame(
    'storeupdate',
    'in',
    { store: 'YardStore', update: 'full', key: '<b>x</b>' },
    encodeState(YardStore, evil),
  )
  const page = mountView(wireView, model)
  click(page, 1)
  await expect.poll(() => parts(page).join()).toContain('<img src=x')
  expect(page.all('img,b b')).toEqual([])
})

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
