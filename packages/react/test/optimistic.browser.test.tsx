import { optimistic } from '@rivulet/client/optimistic'
import type { RivuletError } from '@rivulet/client'
import { createHooks, Text, useRpc, useStore } from '@rivulet/react'
import { startTransition, StrictMode, useActionState, useState, type ReactNode } from 'react'
import { afterEach, describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { answerOf } from '../../client/test/support/answer-call.ts'
import type { FakeEngine } from '../../client/test/support/fake-engine.ts'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { provide } from './support/provide.tsx'
import { renderCount } from './support/render-count.ts'
import { Add, FLEET, FleetStore } from './support/schema.ts'

afterEach(closePages)

const adding = optimistic(FleetStore, (fleet, { by }: { readonly by: number }) => {
  fleet.ticks = by
})

function answer(fake: FakeEngine, index: number, error: string | null = null): void {
  fake.calls[index]?.answer(answerOf(Add, 1, error))
}

const Ticks = (): ReactNode => (
  <p>
    {useStore(FleetStore, 'ticks')} <Text of={[FleetStore, 'ticks']} />
  </p>
)

describe('an optimistic call', () => {
  test('shows at once, in hooks and texts; a failure takes it back', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const Page = (): ReactNode => {
      const add = useRpc(Add, { optimistic: adding })
      const [problem, setProblem] = useState('')
      return (
        <>
          <Ticks />
          <button
            type="button"
            onClick={() => void add({ by: 50 }).catch((error: unknown) => setProblem((error as RivuletError).what))}
          >
            add
          </button>
          <i>{problem}</i>
        </>
      )
    }
    const screen = await render(
      <StrictMode>
        <Page />
      </StrictMode>,
      { wrapper: provide(client) },
    )
    const shown = (): string | undefined => screen.container.querySelector('p')?.textContent
    await expect.poll(shown).toBe('1 1')
    await screen.getByRole('button').click()
    await expect.poll(shown).toBe('50 50')
    await expect.poll(() => fake.calls.length).toBe(1)
    answer(fake, 0, 'too much')
    await expect.poll(() => screen.container.querySelector('i')?.textContent).toBe('too much')
    expect(shown()).toBe('1 1')
  })

  test('as the action of a form: pending, shown, settled by the server, never flickering', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const seen: number[] = []
    const Seen = (): ReactNode => {
      const ticks = useStore(FleetStore, 'ticks')
      if (seen.at(-1) !== ticks) seen.push(ticks)
      return <b>{ticks}</b>
    }
    const Page = (): ReactNode => {
      const add = useRpc(Add, { optimistic: adding })
      const [result, act, pending] = useActionState(
        async (_: number, data: FormData) => add({ by: Number(data.get('by')) }),
        0,
      )
      return (
        <form action={act}>
          <input name="by" defaultValue="30" />
          <button type="submit">{pending ? 'pending' : `done ${result}`}</button>
          <Seen />
        </form>
      )
    }
    const screen = await render(<Page />, { wrapper: provide(client) })
    const button = screen.getByRole('button')
    await expect.poll(() => seen).toEqual([0, 1])
    await button.click()
    await expect.element(button).toHaveTextContent('pending')
    await expect.element(screen.getByText('30')).toBeVisible()
    answer(fake, 0)
    await expect.element(button).toHaveTextContent('done 1')
    fake.load(FleetStore, { ...FLEET, ticks: 31 })
    await expect.element(screen.getByText('31')).toBeVisible()
    expect(seen).toEqual([0, 1, 30, 31])
  })

  test('renders only who reads what it changes', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const counts = renderCount()
    const { useStore: useBound, useRpc: useBoundRpc } = createHooks(client)
    const Title = (): ReactNode => {
      counts.add('title')
      return useBound(FleetStore, 'title')
    }
    const Count = (): ReactNode => {
      counts.add('count')
      return useBound(FleetStore, ['rows', 'r1', 'count'])
    }
    const Other = (): ReactNode => {
      counts.add('other')
      return useBound(FleetStore, ['rows', 'r2'])?.count
    }
    const inRow = optimistic(FleetStore, (fleet, { by }: { readonly by: number }) => {
      const row = fleet.rows?.get('r1')
      if (row !== undefined) row.count += by
    })
    const Page = (): ReactNode => {
      const add = useBoundRpc(Add)
      return (
        <button type="button" onClick={() => void add({ by: 8 }, { optimistic: inRow })}>
          <Title /> <Count /> <Other />
        </button>
      )
    }
    const screen = await render(<Page />)
    await expect.poll(() => screen.container.textContent).toBe('Harbour 1 2')
    counts.reset()
    await screen.getByRole('button').click()
    await expect.poll(() => screen.container.textContent).toBe('Harbour 9 2')
    expect(counts.all()).toEqual({ count: 1 })
    await expect.poll(() => fake.calls.length).toBe(1)
    answer(fake, 0)
    fake.load(FleetStore, { ...FLEET, rows: new Map(FLEET.rows).set('r1', { name: 'one', count: 9 }) })
    // The server's own value, no longer one that is shown over it.
    await expect.poll(() => client.store(FleetStore).version(['rows', 'r1', 'count'])).toBeGreaterThan(0)
    expect(counts.all()).toEqual({ count: 1 })
  })

  test('takes the latest recipe, keeps its function, and outlives the component', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const functions = new Set<unknown>()
    const Caller = ({ factor }: { readonly factor: number }): ReactNode => {
      const add = useRpc(Add, {
        optimistic: optimistic(FleetStore, (fleet, { by }) => {
          fleet.ticks = by * factor
        }),
      })
      functions.add(add)
      return (
        <button type="button" onClick={() => startTransition(async () => void (await add({ by: 2 })))}>
          add
        </button>
      )
    }
    const page = (factor: number | null): ReactNode => (
      <>
        <Ticks />
        {factor !== null && <Caller factor={factor} />}
      </>
    )
    const screen = await render(page(10), { wrapper: provide(client) })
    await screen.rerender(page(100))
    expect(functions.size).toBe(1)
    const shown = (): string | undefined => screen.container.querySelector('p')?.textContent
    await expect.poll(shown).toBe('1 1')
    await screen.getByRole('button').click()
    await expect.poll(shown).toBe('200 200')
    await screen.rerender(page(null))
    expect(shown()).toBe('200 200')
    expect(fake.log.filter((entry) => entry.startsWith('cancel'))).toEqual([])
    answer(fake, 0)
    fake.load(FleetStore, { ...FLEET, ticks: 7 })
    await expect.poll(shown).toBe('7 7')
  })
})
