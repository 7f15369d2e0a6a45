import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ClientModel } from '../../src/panel/client-model.ts'
import { createShell, type Shell } from '../../src/panel/shell.ts'
import type { GotoTarget, MountedView, View } from '../../src/panel/view.ts'
import { eventually } from '../support/eventually.ts'
import { createFakeAgent, type FakeAgent, type FakeClient } from '../support/fake-agent.ts'
import { until } from '../support/until.ts'

let agent: FakeAgent
let client: FakeClient
let shell: Shell
let model: ClientModel
const mounted = {
  update: vi.fn<() => void>(),
  destroy: vi.fn<() => void>(),
  goto: vi.fn<(target: GotoTarget) => void>(),
}
const other: View = { id: 'wire', title: 'Other', css: '', mount: () => mounted }
const counting: View = {
  id: 'stores',
  title: 'Counting',
  css: '',
  mount(root, of) {
    model = of
    root.append('counting')
    return counted
  },
}
const counted = { update: vi.fn<() => void>(), destroy: vi.fn<() => void>() } satisfies MountedView
const failing: View = {
  id: 'calls',
  title: 'Failing',
  css: '',
  mount() {
    throw new Error('out of ideas')
  },
}
const errors: unknown[] = []
const note = (event: ErrorEvent): void => {
  errors.push(event.error)
  event.preventDefault()
}

beforeEach(async () => {
  localStorage.clear()
  vi.clearAllMocks()
  agent = createFakeAgent()
  client = agent.add({ id: 'a' })
  shell = createShell([counting, other, failing], 'auto', () => undefined)
  document.body.append(shell.element)
  shell.connect(agent.transport)
  agent.greet()
  await until(() => counted.update.mock.calls.length > 0, 'the first view')
})
afterEach(() => {
  shell.destroy()
  shell.element.remove()
  agent.close()
})

const frames = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => requestAnimationFrame(resolve))
}
const frame = { type: 'frame', dir: 'in', kind: 'other', bytes: 0 } as const

describe('updates', () => {
  it('come at most once per frame, however much changes', async () => {
    await eventually(() => expect(model.hello).toBeDefined())
    await frames(2)
    counted.update.mockClear()
    let drawn = 0
    let isOn = true
    const count = (): void => {
      drawn++
      if (isOn) requestAnimationFrame(count)
    }
    requestAnimationFrame(count)
    for (let i = 0; i < 2000; i++) {
      client.pass(frame)
      client.happen({ type: 'lost', lost: 1 })
    }
    await eventually(() => expect([model.entries.added, model.page.added]).toEqual([2000, 2000]))
    isOn = false
    await frames(2)
    expect(counted.update.mock.calls.length).toBeGreaterThan(0)
    expect(counted.update.mock.calls.length).toBeLessThanOrEqual(drawn + 2)
  })

  it('do not come when nothing changed', async () => {
    await eventually(() => expect(model.hello).toBeDefined())
    let drawn = -1
    counted.update.mockImplementation(() => void (drawn = model.version))
    client.pass(frame)
    await eventually(() => expect([model.entries.size, drawn]).toEqual([1, model.version]))
    counted.update.mockReset()
    await frames(20)
    expect(counted.update).not.toHaveBeenCalled()
  })

  it('leave most of the time to the page while something passes all the time, and show the end of it', async () => {
    const took = 40
    const starts: number[] = []
    let drawn = 0
    counted.update.mockImplementation(() => {
      starts.push(performance.now())
      while (performance.now() < (starts.at(-1) ?? 0) + took);
      drawn = model.entries.size
    })
    for (let i = 0; starts.length < 5; i++) {
      client.pass(frame)
      await frames(1)
    }
    const passed = Math.max(1, model.entries.size)
    client.pass(frame)
    await eventually(() => expect(drawn).toBeGreaterThan(passed))
    const gaps = starts.slice(2).map((start, i) => start - (starts[i + 1] ?? 0) - took)
    // Four times as long as it took.
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4 * took - 1)
    counted.update.mockReset()
  })

  it('come to the visible view only', async () => {
    shell.open('wire')
    expect(counted.destroy).toHaveBeenCalledOnce()
    counted.update.mockClear()
    client.pass(frame)
    await eventually(() => expect(model.entries.size).toBe(1))
    await eventually(() => expect(mounted.update.mock.calls.length).toBeGreaterThan(1))
    expect(counted.update).not.toHaveBeenCalled()
  })
})

it('mounts nothing any more once it is destroyed', async () => {
  await eventually(() => expect(model.hello).toBeDefined())
  await frames(20)
  counted.update.mockClear()
  shell.destroy()
  expect(counted.destroy).toHaveBeenCalledOnce()
  await frames(3)
  expect(counted.update).not.toHaveBeenCalled()
})

describe('links between views', () => {
  it('open the view and tell it where to go', () => {
    const detail = { view: 'wire', seq: 5, path: 'S.x' } as const
    shell.element.dispatchEvent(new CustomEvent('rv-goto', { detail }))
    expect(mounted.goto).toHaveBeenCalledExactlyOnceWith(detail)
    // Again, when it is open already.
    shell.element.dispatchEvent(new CustomEvent('rv-goto', { detail }))
    expect(mounted.goto).toHaveBeenCalledTimes(2)
    expect(mounted.destroy).not.toHaveBeenCalled()
  })
})

describe('a view that fails', () => {
  beforeEach(() => {
    errors.length = 0
    addEventListener('error', note)
  })
  afterEach(() => removeEventListener('error', note))

  it('says so in its place, tells the page, and leaves the others alone', () => {
    shell.open('calls')
    expect(shell.element.querySelector('[role=alert]')?.textContent).toContain('out of ideas')
    expect(errors).toMatchObject([{ message: 'out of ideas' }])
    shell.open('wire')
    expect(shell.element.querySelector('[role=alert]')).toBeNull()
    expect(mounted.update).toHaveBeenCalled()
  })

  it('may fail later, too', async () => {
    await eventually(() => expect(model.hello).toBeDefined())
    counted.update.mockImplementationOnce(() => {
      throw new Error('later')
    })
    client.pass(frame)
    await eventually(() => expect(shell.element.querySelector('[role=alert]')?.textContent).toContain('later'))
    shell.open('wire')
    expect(mounted.update).toHaveBeenCalled()
  })
})

it('shows how many local values there are, wherever one looks', async () => {
  await eventually(() => expect(model.hello).toBeDefined())
  shell.open('wire')
  await model.show('Garden', [{ path: ['name'], bytes: new ArrayBuffer(1) }])
  const chip = shell.element.querySelector<HTMLElement>('button.warn') as HTMLElement
  await eventually(() => expect([chip.hidden, chip.textContent]).toEqual([false, '✎ 1 local']))
  chip.click()
  expect(shell.element.querySelector('[role=tabpanel]')?.textContent).toContain('counting')
})
