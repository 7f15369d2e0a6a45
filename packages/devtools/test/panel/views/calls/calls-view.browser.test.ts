import { decodeValue, encodeValue } from '@rivulet/wire'
import { expect, test, vi } from 'vitest'
import { callsView } from '../../../../src/panel/views/calls/index.ts'
import { createFakeModel, type FakeModel } from '../../../support/fake-model.ts'
import { choose, mountView, type OnPage, rowsOf, type } from '../../../support/mount-view.ts'
import { Add, Horn, Ping, Poke } from '../../../support/yard.ts'

const calls = (page: OnPage): readonly string[] =>
  rowsOf(page, 'Calls').map((row) => row.split('|').slice(1, 5).join('|'))
const events = (page: OnPage): readonly string[] =>
  rowsOf(page, 'Events').map((row) => row.split('|').slice(1).join('|'))
const facts = (page: OnPage): string => page.find('.rv-facts').textContent

/** As a person does with the button, or Enter. */
const submit = (page: OnPage): void => (page.find('form') as HTMLFormElement).requestSubmit()

const request = (x: number, y: number): Uint8Array =>
  encodeValue(Add.types, { kind: 'struct', ref: Add.request }, { x, y })
const response = (result: number, error: string | null = null): Uint8Array =>
  encodeValue(Add.types, { kind: 'struct', ref: Add.response }, { result, error })
const ping = (from: string): Uint8Array => encodeValue(Ping.types, { kind: 'struct', ref: Ping.packet }, { from })

/** A call of `Add` as the engine and the page tell it. */
function added(model: FakeModel, id: number, x: number, y: number): void {
  model.add({ type: 'call', page: 1, id, name: Add.name, step: 'asked' })
  model.frame('rpccall', 'out', { name: Add.name, call: id }, request(x, y))
  model.frame('rpccallresp', 'in', { name: Add.name, call: id }, response(x + y))
  model.add({ type: 'call', page: 1, id, name: Add.name, step: 'answered', took: 3.5 })
}

test('a call is one row: name, arguments, result, time', async () => {
  const model = createFakeModel()
  added(model, 1, 2, 40)
  model.frame('rpccall', 'out', { name: Poke.name }, request(1, 1))
  const page = mountView(callsView, model)
  await expect.poll(() => calls(page)).toEqual(['answered|Yard.Add|{x: 2, y: 40}|42', 'sent|Yard.Poke|{x: 1, y: 1}|'])
  expect(rowsOf(page, 'Calls')[0]).toContain('|3.5 ms')
  expect(page.find('[role=status]').textContent).toBe('2 calls, 0 pending, 0 events')
})

test('texts that come late are drawn with the next update, and by themselves when there is none', async () => {
  const model = createFakeModel()
  const page = mountView(callsView, model)
  const list = page.find('[aria-label="Events"]')
  // Each time that the list draws itself it says which row has the focus.
  const drawn = vi.spyOn(list, 'removeAttribute')
  const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve))
  let again = 0
  // The first event makes room for the list, which draws it again.
  model.frame('event', 'in', { name: Ping.name }, ping('cat'))
  page.view.update()
  await frame()
  await frame()
  for (let i = 0; i < 20; i++) {
    model.frame('event', 'in', { name: Ping.name }, ping(`dog ${i}`))
    drawn.mockClear()
    page.view.update()
    expect(drawn).toHaveBeenCalledTimes(1)
    const before = performance.now()
    await frame()
    await frame()
    // Slower than the panel is while much passes: then they may have been drawn in between.
    if (performance.now() - before < 100) again += drawn.mock.calls.length - 1
  }
  expect(again).toBe(0)
  await expect.poll(() => events(page).at(-1)).toContain('dog 19')
  expect(events(page).join()).not.toContain('…')
})

test('pending calls are live until they end, and failures say why', async () => {
  const model = createFakeModel()
  const page = mountView(callsView, model)
  expect(page.find('.rv-table > .empty').hidden).toBe(false)
  model.add({ type: 'call', page: 1, id: 1, name: Add.name, step: 'asked', at: Date.now() })
  page.view.update()
  expect(calls(page)).toEqual(['asked|Yard.Add||'])
  expect(page.find('[role=status]').textContent).toContain('1 pending')
  const time = (): string => rowsOf(page, 'Calls')[0]?.split('|').at(-1) ?? ''
  const before = time()
  await expect.poll(time).not.toBe(before)
  model.frame('rpccall', 'out', { name: Add.name, call: 1 }, request(1, 2))
  page.view.update()
  expect(calls(page)[0]).toContain('pending')
  model.add({
    type: 'call',
    page: 1,
    id: 1,
    name: Add.name,
    step: 'failed',
    took: 10,
    error: { code: 'timeout', what: 'no answer in time', hint: 'Ask again.' },
  })
  page.view.update()
  await expect.poll(() => calls(page)).toEqual(['failed|Yard.Add|{x: 1, y: 2}|no answer in time'])
  page.find('[aria-label="Calls"] .rv-row').click()
  expect(facts(page)).toContain('no answer in time Ask again.')
})

test('the selected call shows arguments, response, timing and the way to its bytes', async () => {
  const model = createFakeModel()
  added(model, 1, 2, 40)
  const page = mountView(callsView, model)
  page.find('[aria-label="Calls"] .rv-row').click()
  await expect
    .poll(() => page.all('.rv-facts pre').map((out) => JSON.parse(out.textContent) as unknown))
    .toEqual([
      { x: 2, y: 40 },
      { result: 42, error: null },
    ])
  expect(facts(page)).toContain('asked 0 ms → sent 1 ms → answer came 2 ms → answered 3.5 ms')
  const went: unknown[] = []
  page.root.addEventListener('rv-goto', (event) => went.push((event as CustomEvent).detail))
  page.button('#3').click()
  expect(went).toEqual([{ view: 'wire', seq: 3 }])
})

test('a call can be edited and sent again', async () => {
  const model = createFakeModel()
  added(model, 1, 2, 40)
  model.answer = (_, args) => {
    const { x, y } = decodeValue(Add.types, { kind: 'struct', ref: Add.request }, args) as { x: number; y: number }
    return response(x * y)
  }
  const page = mountView(callsView, model)
  page.find('[aria-label="Calls"] .rv-row').click()
  page.button('Edit and call again').click()
  const args = page.find('textarea') as HTMLTextAreaElement
  await expect.poll(() => args.value).toContain('"y": 40')
  expect(JSON.parse(args.value)).toEqual({ x: 2, y: 40 })
  type(args, '{"x": 6, "y": 7}')
  submit(page)
  await expect.poll(() => page.find('form pre').textContent).toContain('"result": 42')
  expect(page.find('form pre').textContent).toContain('12.5 ms')
  expect(model.calls).toEqual([{ name: Add.name, args: request(6, 7) }])
})

test('arguments that do not fit are refused where they are typed, and nothing is sent', async () => {
  const model = createFakeModel()
  const page = mountView(callsView, model)
  const says = (): string => page.find('form pre').textContent
  submit(page)
  expect(says()).toBe('Choose a method first.')
  choose(page.find('[aria-label=Method]'), Add.name)
  const args = page.find('textarea') as HTMLTextAreaElement
  expect(JSON.parse(args.value)).toEqual({ x: 0, y: 0 })
  type(args, '{"x": "much", "y": 1}')
  submit(page)
  expect(says()).toContain('x')
  expect(args.getAttribute('aria-invalid')).toBe('true')
  type(args, '{"x": 4000000000, "y": 1}')
  submit(page)
  expect(says()).toContain('x')
  type(args, '{')
  submit(page)
  expect(says()).toContain('JSON')
  expect(model.calls).toEqual([])
  type(args, '{"x": 1, "y": 1}')
  model.failure = new Error('the page has gone')
  submit(page)
  await expect.poll(says).toBe('the page has gone')
  expect(page.button('Call').disabled).toBe(false)
})

test('calls without an answer are sent, and unknown methods show their bytes', async () => {
  const model = createFakeModel()
  model.frame('rpccall', 'out', { name: 'Who.Knows', call: 1 }, new Uint8Array([1, 2, 255]))
  const page = mountView(callsView, model)
  await expect.poll(() => calls(page)).toEqual(['pending|Who.Knows|01 02 ff|'])
  page.find('[aria-label="Calls"] .rv-row').click()
  await expect.poll(() => facts(page)).toContain('01 02 ff')
  page.button('Edit and call again').click()
  await expect.poll(() => page.find('form pre').textContent).toContain('Who.Knows are not known here')
  choose(page.find('[aria-label=Method]'), Poke.name)
  submit(page)
  await expect.poll(() => page.find('form pre').textContent).toContain('sent')
  expect(model.calls.map(({ name }) => name)).toEqual([Poke.name])
  // What becomes known later is offered.
  model.requests.set('Late.One', { ...Add, name: 'Late.One' })
  page.view.update()
  choose(page.find('[aria-label=Method]'), 'Late.One')
  expect((page.find('[aria-label=Method]') as HTMLSelectElement).value).toBe('Late.One')
})

test('events with what is in them', async () => {
  const model = createFakeModel()
  model.frame('event', 'in', { name: Ping.name }, ping('shore'))
  model.frame('keyedevent', 'in', { store: Horn.store, name: Horn.name, key: 'k1' }, ping('sea'))
  model.frame('event', 'in', { name: 'Unknown' }, new Uint8Array([7]))
  const page = mountView(callsView, model)
  await expect
    .poll(() => events(page))
    .toEqual(['Yard.Ping||{from: "shore"}|6 B', 'YardStore.Yard.Horn|k1|{from: "sea"}|4 B', 'Unknown||07|1 B'])
  page.all('[aria-label="Events"] .rv-row')[1]?.click()
  await expect.poll(() => facts(page)).toContain('"from": "sea"')
})

test('listens to events until told to stop, or until the view ends', async () => {
  const model = createFakeModel()
  const page = mountView(callsView, model)
  const [, form] = page.all('form') as HTMLFormElement[]
  const says = (): string => form?.querySelector('[role=status]')?.textContent ?? ''
  form?.requestSubmit()
  expect(says()).toBe('Choose an event first.')
  choose(page.find('[aria-label=Event]'), Ping.name)
  form?.requestSubmit()
  form?.requestSubmit()
  expect(says()).toBe('That is listened to already.')
  choose(page.find('[aria-label=Event]'), 'YardStore.Yard.Horn')
  expect(page.find('[aria-label=Key]').hidden).toBe(false)
  form?.requestSubmit()
  expect(says()).toBe('A keyed event needs a key.')
  type(page.find('[aria-label=Key]'), 'k1')
  form?.requestSubmit()
  expect([...model.listening.keys()]).toEqual(['Yard.Ping ', 'Yard.Horn k1'])
  const heard = (): readonly string[] => page.all('.rv-listeners li').map((item) => item.textContent)
  expect(heard()[0]).toContain('nothing heard yet')
  model.listening.get('Yard.Horn k1')?.(0, ping('first'))
  model.listening.get('Yard.Horn k1')?.(0, ping('<b>sea</b>'))
  page.view.update()
  expect(heard()[1]).toContain('2 ×')
  expect(heard()[1]).toContain('{ "from": "<b>sea</b>" }')
  page.button('Unsubscribe').click()
  expect([...model.listening.keys()]).toEqual(['Yard.Horn k1'])
  page.view.destroy()
  expect([...model.listening.keys()]).toEqual([])
})

test('thousands of calls: only those that are visible are elements, and only their bytes are asked for', async () => {
  const model = createFakeModel()
  for (let i = 0; i < 4000; i++) added(model, i, i, 1)
  const page = mountView(callsView, model)
  await expect.poll(() => calls(page).at(-1)).toBe('answered|Yard.Add|{x: 3999, y: 1}|4000')
  expect(page.all('.rv-row').length).toBeLessThan(100)
  expect(new Set(model.asked.flat()).size).toBeLessThan(150)
  for (const seqs of model.asked) expect(seqs.length).toBeLessThanOrEqual(64)
  type(page.find('input[type=search]'), 'nobody')
  expect(calls(page)).toEqual([])
  type(page.find('input[type=search]'), 'yard.add')
  expect(calls(page).length).toBeGreaterThan(5)
})
