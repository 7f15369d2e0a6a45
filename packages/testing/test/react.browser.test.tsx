import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { StrictMode, useState, type ReactNode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RivuletProvider, useConnection, useEvent, useStore } from '@rivulet/react'
import { createTestServer, type TestServer } from '@rivulet/testing'
import { HarborStore, Horn } from './support/schema.ts'

let errors: ReturnType<typeof vi.spyOn>

beforeEach(() => {
  // What React has to say about updates outside of act.
  errors = vi.spyOn(console, 'error')
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
})

afterEach(() => {
  cleanup()
  const said = errors.mock.calls.map((args: readonly unknown[]) => String(args[0]))
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  if (said.length > 0) throw new Error(`React complained: ${said.join('; ')}`)
})

function mount(server: TestServer, page: ReactNode): void {
  const client = server.client()
  render(
    <StrictMode>
      <RivuletProvider client={client}>{page}</RivuletProvider>
    </StrictMode>,
  )
}

function Title(): ReactNode {
  return <p>{`title ${useStore(HarborStore, 'title')}`}</p>
}

/** Shows the title only when it is open, so the second subscription comes out of a render. */
function Nested(): ReactNode {
  return useStore(HarborStore, 'open') ? <Title /> : <p>closed</p>
}

test('what a render subscribes to has arrived as well when settled() resolves', async () => {
  const server = createTestServer({ act })
  server.set(HarborStore, { open: true, title: 'North' })
  mount(server, <Nested />)
  await server.settled()
  expect(screen.getByText('title North')).toBeTruthy()
  await act(() => server.dispose())
})

test('act may be left to the test', async () => {
  const server = createTestServer()
  server.set(HarborStore, { title: 'North' })
  mount(server, <Title />)
  await act(() => server.settled())
  expect(screen.getByText('title North')).toBeTruthy()
  server.update(HarborStore, (draft) => void (draft.title = 'South'))
  await act(() => server.settled())
  expect(screen.getByText('title South')).toBeTruthy()
  await act(() => server.dispose())
})

test('works while the test holds the clock', async () => {
  vi.useFakeTimers()
  const server = createTestServer({ act })
  server.set(HarborStore, { open: true, title: 'North' })
  mount(server, <Nested />)
  await server.settled()
  expect(screen.getByText('title North')).toBeTruthy()
  server.set(HarborStore, { title: 'South' })
  await server.settled()
  expect(screen.getByText('title South')).toBeTruthy()
  vi.useRealTimers()
  await act(() => server.dispose())
})

test('events and the connection reach components; an unmounted one lets go', async () => {
  const server = createTestServer({ act })
  server.set(HarborStore, {})
  const Page = (): ReactNode => {
    const [heard, setHeard] = useState(0)
    const { state } = useConnection()
    useEvent(Horn, ({ at }) => setHeard(at))
    return <p>{`${state} ${heard}`}</p>
  }
  const Door = (): ReactNode => {
    const [open, setOpen] = useState(true)
    return (
      <>
        <button onClick={() => setOpen(false)}>close</button>
        {open && <Page />}
        {open && <Title />}
      </>
    )
  }
  mount(server, <Door />)
  await server.settled()
  expect(screen.getByText('connected 0')).toBeTruthy()
  expect(server.subscriptions()).toHaveLength(1)
  server.emit(Horn, { at: 4 })
  await server.settled()
  expect(screen.getByText('connected 4')).toBeTruthy()
  server.disconnect()
  await server.settled()
  expect(screen.getByText('disconnected 4')).toBeTruthy()
  server.reconnect()
  await server.settled()
  expect(screen.getByText('connected 4')).toBeTruthy()
  fireEvent.click(screen.getByText('close'))
  await server.settled()
  expect(server.subscriptions()).toEqual([])
  await act(() => server.dispose())
})
