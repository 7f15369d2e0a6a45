import { RivuletError } from '@rivulet/client'
import { useActionState, useOptimistic, useState, useTransition, type ReactNode } from 'react'
import { describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { useEvent, useRpc, useSend, type RpcFunction } from '@rivulet/react'
import { createFakeClient } from './support/fake-client.ts'
import { provide } from './support/provide.tsx'
import { Add, Note, Ping, Tick } from './support/schema.ts'

describe('useRpc', () => {
  test('returns the same function in every render, which passes arguments and options on', async () => {
    const { client, calls } = createFakeClient()
    const seen = new Set<RpcFunction<{ readonly by: number }, number>>()
    const Page = (): ReactNode => {
      seen.add(useRpc(Add))
      return null
    }
    const screen = await render(<Page />, { wrapper: provide(client) })
    await screen.rerender(<Page />)
    expect(seen.size).toBe(1)
    const { signal } = new AbortController()
    const [add] = seen
    const answer = add?.({ by: 2 }, { signal, timeoutMs: 5 })
    expect(calls).toMatchObject([{ rpc: Add, args: { by: 2 }, options: { signal, timeoutMs: 5 } }])
    calls[0]?.resolve(42)
    expect(await answer).toBe(42)
  })

  test('works as an action: pending, result, error', async () => {
    const { client, calls } = createFakeClient()
    const Page = (): ReactNode => {
      const add = useRpc(Add)
      const [state, act, pending] = useActionState(async (before: string, by: number) => {
        try {
          return `${before}+${await add({ by })}`
        } catch (error) {
          return `${before}!${(error as RivuletError).what}`
        }
      }, '0')
      const [, start] = useTransition()
      return (
        <button type="button" onClick={() => start(() => act(3))}>
          {state} {pending ? 'pending' : 'idle'}
        </button>
      )
    }
    const screen = await render(<Page />, { wrapper: provide(client) })
    const button = screen.getByRole('button')
    await button.click()
    await expect.element(button).toHaveTextContent('0 pending')
    calls[0]?.resolve(7)
    await expect.element(button).toHaveTextContent('0+7 idle')
    await button.click()
    await expect.element(button).toHaveTextContent('0+7 pending')
    calls[1]?.reject(new RivuletError('rpc', 'too much'))
    await expect.element(button).toHaveTextContent('0+7!too much idle')
  })

  test('an optimistic value lasts as long as the call', async () => {
    const { client, calls } = createFakeClient()
    const Page = (): ReactNode => {
      const add = useRpc(Add)
      const [sum, setSum] = useState(1)
      const [shown, expectSum] = useOptimistic(sum)
      const [, start] = useTransition()
      const onClick = (): void =>
        start(async () => {
          expectSum(sum + 5)
          const result = await add({ by: 5 })
          start(() => setSum(result))
        })
      return (
        <button type="button" onClick={onClick}>
          {shown}
        </button>
      )
    }
    const screen = await render(<Page />, { wrapper: provide(client) })
    const button = screen.getByRole('button')
    await button.click()
    await expect.element(button).toHaveTextContent('6')
    calls[0]?.resolve(100)
    await expect.element(button).toHaveTextContent('100')
  })
})

describe('useSend', () => {
  test('sends, with the same function in every render', async () => {
    const { client, sent } = createFakeClient()
    const seen = new Set<(args: { readonly at: number }) => Promise<void>>()
    const Page = (): ReactNode => {
      seen.add(useSend(Ping))
      return null
    }
    const screen = await render(<Page />, { wrapper: provide(client) })
    await screen.rerender(<Page />)
    for (const send of seen) await send({ at: 4 })
    expect(sent).toEqual([{ def: Ping, args: { at: 4 } }])
  })
})

describe('useEvent', () => {
  test('calls the latest listener over one subscription', async () => {
    const fake = createFakeClient()
    const Page = (): ReactNode => {
      const [sum, setSum] = useState(0)
      // Closes over `sum`: an old listener would add to an old sum.
      useEvent(Tick, ({ at }) => setSum(sum + at))
      return <p>sum {sum}</p>
    }
    const screen = await render(<Page />, { wrapper: provide(fake.client) })
    fake.emit(Tick, { at: 1 })
    await expect.element(screen.getByText('sum 1')).toBeVisible()
    fake.emit(Tick, { at: 10 })
    await expect.element(screen.getByText('sum 11')).toBeVisible()
    fake.emit(Tick, { at: 100 })
    await expect.element(screen.getByText('sum 111')).toBeVisible()
    expect(fake.listens).toBe(1)
    await screen.unmount()
    expect(fake.listening()).toEqual([])
  })

  test('passes the packet and when it was sent', async () => {
    const fake = createFakeClient()
    const heard: unknown[] = []
    const Page = (): ReactNode => {
      useEvent(Tick, (...args) => heard.push(args))
      return null
    }
    await render(<Page />, { wrapper: provide(fake.client) })
    fake.emit(Tick, { at: 3 })
    expect(heard).toEqual([[{ at: 3 }, { time: 1 }]])
  })

  test('a keyed event follows its key', async () => {
    const fake = createFakeClient()
    const Page = ({ room }: { readonly room: string }): ReactNode => {
      const [last, setLast] = useState(0)
      useEvent(Note, room, ({ at }) => setLast(at))
      return (
        <p>
          {room} {last}
        </p>
      )
    }
    const screen = await render(<Page room="red" />, { wrapper: provide(fake.client) })
    fake.emit(Note, { at: 1 }, 'red')
    fake.emit(Note, { at: 2 }, 'blue')
    await expect.element(screen.getByText('red 1')).toBeVisible()
    await screen.rerender(<Page room="blue" />)
    await expect.element(screen.getByText('blue 1')).toBeVisible()
    await expect.poll(() => fake.listening()).toEqual(['Note:blue'])
    fake.emit(Note, { at: 3 }, 'red')
    fake.emit(Note, { at: 4 }, 'blue')
    await expect.element(screen.getByText('blue 4')).toBeVisible()
  })
})
