import { expect, test } from 'vitest'
import { rendersView } from '../../../../src/panel/views/renders/index.ts'
import { createFakeModel } from '../../../support/fake-model.ts'
import { mountView, type OnPage, rowsOf, type } from '../../../support/mount-view.ts'
import { boatMoved, moveBoat, nameOrigins, yardOrigins } from '../../../support/page-patches.ts'

const components = (page: OnPage): readonly string[] => rowsOf(page, 'Components')
const patches = (page: OnPage): readonly string[] => rowsOf(page, 'Patches')
const why = (page: OnPage): string => page.find('.rv-why').textContent

function moved(times: number): ReturnType<typeof createFakeModel> {
  const model = createFakeModel()
  nameOrigins(model)
  for (let i = 1; i <= times; i++) moveBoat(model, i, i % 3)
  return model
}

test('components with what they follow, how often they rendered and why', async () => {
  const page = mountView(rendersView, moved(6))
  await expect
    .poll(() => components(page))
    .toEqual([
      'BoatRow|boat-row.tsx:7:13|useStore|YardStore boats.b1.x (+2)|6|6|0|100 %',
      'BoatTable|boat-table.tsx:12:3|useStoreKeys||6|0|6|0 %',
    ])
  expect(page.find('.bar').textContent).toContain(
    'apply 0.1 ms / 0.1 ms · notify 0.2 ms / 0.2 ms · settle 0.7 ms / 0.7 ms',
  )
})

test('what components follow that no patch reached is asked of the page', async () => {
  const model = moved(1)
  model.subscribed = [{ path: ['boats'], status: 'live', version: 1, origins: [yardOrigins[0] ?? null, null] }]
  const page = mountView(rendersView, model)
  await expect.poll(() => components(page).join()).toContain('useStoreKeys|YardStore boats|1|0|1')
})

test('can be sorted by every column and searched', async () => {
  const page = mountView(rendersView, moved(6))
  await expect.poll(() => components(page).length).toBe(2)
  const names = (): string =>
    components(page)
      .map((row) => row.split('|')[0])
      .join()
  page.button('Component').click()
  expect(names()).toBe('BoatRow,BoatTable')
  expect(page.all('[aria-sort=ascending]').map((head) => head.textContent)).toEqual(['Component'])
  page.button('Component').click()
  expect(names()).toBe('BoatTable,BoatRow')
  page.button('patches').click()
  expect(names()).toBe('BoatRow,BoatTable')
  page.button('others').click()
  expect(names()).toBe('BoatTable,BoatRow')
  type(page.find('input[type=search]'), 'b2.X')
  expect(names()).toBe('BoatRow')
  type(page.find('input[type=search]'), 'nobody')
  expect(page.find('.rv-table > .empty').textContent).toBe('No component is called so.')
})

test('patches in order, with the messages that they are made of', async () => {
  const page = mountView(rendersView, moved(3))
  await expect.poll(() => patches(page).length).toBe(3)
  expect(patches(page)[2]?.split('|').toSpliced(1, 1)).toEqual(['#3', '21 B', '#5–5', '1 path', '1 render', '1 ms'])
})

test('why a component rendered: patch, path, message, bytes, and the way to Wire', async () => {
  const model = moved(3)
  const page = mountView(rendersView, model)
  await expect.poll(() => components(page).length).toBe(2)
  page.find('[aria-label="Components"] .rv-row').click()
  expect(why(page)).toContain('3 renders by patches, 0 by others')
  expect(page.all('.rv-why ol > li').map((row) => row.textContent)).toHaveLength(3)
  const newest = page.find('.rv-why details') as HTMLDetailsElement
  expect(newest.textContent).toContain('1× patch #3: YardStore boats.b0.x')
  newest.open = true
  await expect.poll(() => newest.textContent).toContain('YardStore boats.b0.x → BoatRow, a listener')
  page.button('#5').click()
  await expect
    .poll(() =>
      page
        .all('.rv-why table tr')
        .map((row) => row.textContent)
        .join(),
    )
    .toContain('YardStore.boats["b0"].xfloat643')
  // What is around the path is not of it.
  expect(page.find('.rv-why table').textContent).not.toContain('number of')
  const went: unknown[] = []
  page.root.addEventListener('rv-goto', (event) => went.push((event as CustomEvent).detail))
  page.button('Message #5 in Wire').click()
  expect(went).toEqual([{ view: 'wire', seq: 5, path: 'YardStore.boats["b0"].x' }])
})

test('renders without a patch are said to be those of others', async () => {
  const model = createFakeModel()
  nameOrigins(model)
  model.happened({ type: 'runs', at: 1, runs: [{ origin: 1, other: 4 }] })
  const page = mountView(rendersView, model)
  await expect.poll(() => components(page)).toEqual(['BoatTable|boat-table.tsx:12:3|useStoreKeys||4|0|4|–'])
  page.find('[aria-label="Components"] .rv-row').click()
  expect(why(page)).toContain('4× something else: a parent, state or context')
})

test('a patch of which nothing is kept, and bytes that are gone, are said', async () => {
  const model = createFakeModel()
  nameOrigins(model)
  model.happened(boatMoved(1, 0))
  moveBoat(model, 2, 1)
  model.forget(1)
  const page = mountView(rendersView, model)
  page.find('[aria-label="Patches"] .rv-row').click()
  expect(why(page)).toContain('no longer kept')
  page.all('[aria-label="Patches"] .rv-row')[1]?.click()
  page.button('#1').click()
  await expect.poll(() => why(page)).toContain('These bytes are no longer kept.')
  model.failure = new Error('no engine')
  page.button('#1').click()
  await expect.poll(() => why(page)).toContain('no engine')
})

test('goes on while patches come, keeps the selection, and begins anew when cleared', async () => {
  const model = moved(3)
  const page = mountView(rendersView, model)
  await expect.poll(() => components(page).length).toBe(2)
  page.all('[aria-label="Components"] .rv-row')[0]?.click()
  for (let i = 4; i <= 80; i++) {
    moveBoat(model, i, 0)
    page.view.update()
  }
  await expect.poll(() => components(page)[0]).toContain('|80|80|0|')
  expect(page.find('[aria-label="Components"] [aria-selected=true]').textContent).toContain('BoatRow')
  expect(patches(page).at(-1)).toContain('#80')
  expect(page.all('[aria-label="Patches"] .rv-row').length).toBeLessThan(60)
  model.clear()
  page.view.update()
  await expect.poll(() => components(page)).toEqual([])
  expect(patches(page)).toEqual([])
  expect(why(page)).toContain('Select a component')
})

test('the newest renders of a component show, but not under the hand of who reads one of them', async () => {
  const model = moved(3)
  const page = mountView(rendersView, model)
  await expect.poll(() => components(page).length).toBe(2)
  page.find('[aria-label="Components"] .rv-row').click()
  moveBoat(model, 4, 0)
  page.view.update()
  await expect.poll(() => why(page)).toContain('4 renders by patches')
  const newest = page.find('.rv-why details') as HTMLDetailsElement
  expect(newest.textContent).toContain('patch #4')
  newest.open = true
  moveBoat(model, 5, 0)
  page.view.update()
  await expect.poll(() => components(page)[0]).toContain('|5|5|0|')
  expect(why(page)).toContain('4 renders by patches')
  newest.open = false
  moveBoat(model, 6, 0)
  page.view.update()
  await expect.poll(() => why(page)).toContain('6 renders by patches')
  expect(page.all('.rv-why ol > li')).toHaveLength(6)
})

test('of a patch with very many changes and listeners a part is spelled out', async () => {
  const model = createFakeModel()
  nameOrigins(model)
  const [, row] = yardOrigins
  const changes = Array.from({ length: 200 }, (_, i) => ({
    store: 'YardStore',
    path: ['boats', `b${i}`],
    origins: [null, row ?? null, row ?? null],
  }))
  model.happened(boatMoved(1, 0, { changes, more: 1234 }))
  const page = mountView(rendersView, model)
  await expect.poll(() => components(page).length).toBe(2)
  const first = page.all('[aria-label="Components"] .rv-row').find((of) => of.textContent.includes('BoatRow'))
  first?.click()
  expect(page.find('.rv-why summary').textContent).toBe(
    '1× patch #1: YardStore boats.b0, YardStore boats.b1, YardStore boats.b2 and more',
  )
  page.find('[aria-label="Patches"] .rv-row').click()
  expect(why(page)).toContain('YardStore boats.b49 → a listener, BoatRow ×2')
  expect(why(page)).not.toContain('boats.b50')
  expect(why(page)).toContain('and 1,384 more')
})

test('patches of an engine that came later are called by their numbers there', async () => {
  const model = createFakeModel()
  nameOrigins(model)
  moveBoat(model, 10_000_000_007, 0)
  const page = mountView(rendersView, model)
  expect(patches(page)[0]).toMatch(/^#7\|/)
  expect(patches(page)[0]).toContain('#1–1')
  page.find('[aria-label="Patches"] .rv-row').click()
  expect(why(page)).toContain('Patch #7,')
})
