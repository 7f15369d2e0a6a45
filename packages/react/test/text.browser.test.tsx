import { createViews, RivuletProvider, Text } from '@rivulet/react'
import { Activity, Profiler, StrictMode, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { hydrateRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { Boundary } from './support/boundary.tsx'
import { createFakeClient } from './support/fake-client.ts'
import { provide } from './support/provide.tsx'
import { FLEET, FleetStore } from './support/schema.ts'

afterEach(closePages)

const loud = (title: string): string => title.toUpperCase()
const counted = (row: { readonly count: number } | undefined): string => `#${row?.count ?? '-'}`

describe('Text', () => {
  test('shows a value, and its changes at once without a render', async () => {
    const { client, store } = createFakeClient()
    let commits = 0
    const { container } = await render(
      <Profiler id="text" onRender={() => (commits += 1)}>
        <Text of={[FleetStore, 'title']} as="b" className="big" data-kind="title" />
        <Text of={[FleetStore, ['rows', 'r1']]} format={counted} />
        <Text of={[FleetStore, 'ticks']} />
      </Profiler>,
      { wrapper: provide(client) },
    )
    const bold = container.querySelector('b')
    expect(bold?.outerHTML).toBe('<b class="big" data-kind="title">Harbour</b>')
    expect(container.textContent).toBe('Harbour#11')
    const before = commits
    const node = bold?.firstChild
    store.putAll([
      [['title'], 'Port'],
      [['rows', 'r1', 'count'], 5],
      [['ticks'], 2],
    ])
    // No waiting: nothing lies between.
    expect(container.textContent).toBe('Port#52')
    expect(bold?.firstChild).toBe(node)
    store.put(['title'], '')
    expect(bold?.textContent).toBe('')
    store.put(['title'], 'Bay')
    expect(bold?.textContent).toBe('Bay')
    expect(commits).toBe(before)
  })

  test('starts from nothing, and follows other paths and formats', async () => {
    const { client, store } = createFakeClient({ ...FLEET, title: '' })
    const Page = ({ path, format }: { readonly path: 'title'; readonly format: (s: string) => string }): ReactNode => (
      <Text of={[FleetStore, path]} format={format} />
    )
    const same = (title: string): string => title
    const screen = await render(<Page path="title" format={same} />, { wrapper: provide(client) })
    store.put(['title'], 'Port')
    expect(screen.container.textContent).toBe('Port')
    await screen.rerender(<Page path="title" format={loud} />)
    expect(screen.container.textContent).toBe('PORT')
    store.put(['title'], 'Bay')
    expect(screen.container.textContent).toBe('BAY')
    await screen.rerender(<Page path={'marks' as 'title'} format={String} />)
    expect(screen.container.textContent).toBe('a,b')
    expect(store.followed()).toEqual(['marks'])
    store.put(['title'], 'nobody')
    expect(screen.container.textContent).toBe('a,b')
    await screen.rerender(<Page path="title" format={loud} />)
    expect(screen.container.textContent).toBe('NOBODY')
  })

  test('a parent that renders leaves it as it is and subscribed', async () => {
    const { client, store } = createFakeClient()
    const Page = ({ round }: { readonly round: number }): ReactNode => (
      <p data-round={round}>
        <Text of={[FleetStore, 'title']} title={`round ${round}`} />
      </p>
    )
    const screen = await render(<Page round={0} />, { wrapper: provide(client) })
    store.put(['title'], 'Port')
    const { subscriptions } = store
    await screen.rerender(<Page round={1} />)
    expect(screen.container.querySelector('span')?.outerHTML).toBe('<span title="round 1">Port</span>')
    store.put(['title'], 'Harbour')
    await screen.rerender(<Page round={2} />)
    expect(screen.container.textContent).toBe('Harbour')
    expect(store.subscriptions).toBe(subscriptions)
  })

  test('StrictMode, no provider; after the unmount nothing is followed and nothing is written', async () => {
    const { client, store } = createFakeClient()
    const views = createViews(client)
    const screen = await render(
      <StrictMode>
        <views.Text of={[FleetStore, 'title']} />
      </StrictMode>,
    )
    store.put(['title'], 'Port')
    const span = screen.container.querySelector('span')
    expect(span?.textContent).toBe('Port')
    await screen.unmount()
    expect(store.followed()).toEqual([])
    store.put(['title'], 'late')
    expect(span?.textContent).toBe('Port')
  })

  test('in a hidden Activity it lets go; shown again it is fresh in the same commit', async () => {
    const { client, store } = createFakeClient()
    const seen: (string | undefined)[] = []
    const see = (text: string | undefined): void => void seen.push(text)
    const Page = ({ hidden, onShown }: { readonly hidden: boolean; readonly onShown: typeof see }): ReactNode => {
      const div = useRef<HTMLDivElement>(null)
      // In the very commit, after the layout work of everything below.
      useLayoutEffect(() => onShown(div.current?.textContent))
      return (
        <div ref={div}>
          <Activity mode={hidden ? 'hidden' : 'visible'}>
            <Text of={[FleetStore, 'title']} />
          </Activity>
        </div>
      )
    }
    const screen = await render(<Page hidden={false} onShown={see} />, { wrapper: provide(client) })
    await screen.rerender(<Page hidden onShown={see} />)
    await expect.poll(() => store.followed()).toEqual([])
    store.put(['title'], 'Port')
    seen.length = 0
    await screen.rerender(<Page hidden={false} onShown={see} />)
    expect(new Set(seen)).toEqual(new Set(['Port']))
    store.put(['title'], 'Bay')
    expect(screen.container.textContent).toBe('Bay')
  })

  test('what its format throws: at a render the boundary has it, at a change it is reported and the text stays', async () => {
    const { client, store } = createFakeClient()
    const errors: string[] = []
    const onError = (event: ErrorEvent): void => {
      event.preventDefault()
      errors.push(String(event.error))
    }
    window.addEventListener('error', onError)
    const page = openPage()
    page.fake.load(FleetStore, FLEET)
    const picky = (title: string): string => {
      if (title === 'bad') throw new Error('picky')
      return `ok ${title}`
    }
    const { container } = await render(<Text of={[FleetStore, 'title']} format={picky} />, {
      wrapper: provide(page.client),
    })
    await expect.poll(() => container.textContent).toBe('ok Harbour')
    page.fake.load(FleetStore, { ...FLEET, title: 'bad' })
    await expect.poll(() => errors).toEqual(['Error: picky'])
    expect(container.textContent).toBe('ok Harbour')
    page.fake.load(FleetStore, { ...FLEET, title: 'good' })
    await expect.poll(() => container.textContent).toBe('ok good')
    window.removeEventListener('error', onError)
    store.put(['title'], 'bad')
    const screen = await render(
      <Boundary>
        <Text of={[FleetStore, 'title']} format={picky} />
      </Boundary>,
      { wrapper: provide(client) },
    )
    await expect.element(screen.getByText('caught: picky')).toBeVisible()
  })

  test('inside what React renders anew, in one commit with it', async () => {
    const { client, store } = createFakeClient()
    const Page = (): ReactNode => {
      const [on, setOn] = useState(false)
      return (
        <button type="button" onClick={() => setOn(!on)}>
          {on ? <Text of={[FleetStore, 'title']} /> : 'off'}
        </button>
      )
    }
    const screen = await render(<Page />, { wrapper: provide(client) })
    const button = screen.getByRole('button')
    await button.click()
    await expect.element(button).toHaveTextContent('Harbour')
    await button.click()
    await expect.element(button).toHaveTextContent('off')
    store.put(['title'], 'Port')
    await button.click()
    await expect.element(button).toHaveTextContent('Port')
  })
})

describe('hydration', () => {
  let host: HTMLElement
  let root: Root | undefined
  beforeEach(() => {
    host = document.body.appendChild(document.createElement('div'))
  })
  afterEach(() => {
    root?.unmount()
    host.remove()
    vi.restoreAllMocks()
  })

  test('takes over what the server sent although data is there, then shows the data in the same element', async () => {
    const warnings = vi.spyOn(console, 'error')
    const mismatches: unknown[] = []
    const { client, store } = createFakeClient()
    host.innerHTML = '<b></b><span>#0</span>'
    const before = [...host.children]
    root = hydrateRoot(
      host,
      <StrictMode>
        <RivuletProvider client={client}>
          <Text of={[FleetStore, 'title']} as="b" />
          <Text of={[FleetStore, 'ticks']} format={(ticks) => `#${ticks}`} />
        </RivuletProvider>
      </StrictMode>,
      { onRecoverableError: (error) => mismatches.push(error) },
    )
    await expect.poll(() => host.textContent).toBe('Harbour#1')
    expect([...host.children]).toEqual(before)
    store.put(['title'], 'Port')
    await expect.poll(() => host.textContent).toBe('Port#1')
    expect(mismatches).toEqual([])
    expect(warnings).not.toHaveBeenCalled()
  })
})
