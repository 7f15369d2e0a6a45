import type { StreamOptions, UnitInfo } from '@rivulet/client'
import { Activity, StrictMode, type ReactNode } from 'react'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { createHooks, useDataStream } from '@rivulet/react'
import { createFakeClient } from './support/fake-client.ts'
import { provide } from './support/provide.tsx'
import { Video } from './support/schema.ts'

type OnUnit = NonNullable<StreamOptions['onUnit']>

const UNIT = { sequence: 1n } as unknown as Parameters<OnUnit>[0]
const INFO: UnitInfo = { lost: 0 }

test('opens with the first mount, shows the status, calls the latest functions, closes with the last', async () => {
  const { client, streams } = createFakeClient()
  const heard: unknown[] = []
  let renders = 0
  const Camera = ({ name }: { readonly name: string }): ReactNode => {
    renders++
    const { state, error } = useDataStream(Video, 'bow', {
      onUnit: (_, { lost }) => heard.push(`${name} unit ${lost}`),
      onMessage: (message) => heard.push(`${name} ${String(message)}`),
      onStart: (post) => post(name),
      maxUnits: 7,
    })
    return <output>{error === undefined ? state : `${state}: ${error.what}`}</output>
  }
  const screen = await render(<Camera name="first" />, { wrapper: provide(client) })
  await expect.element(screen.getByRole('status')).toHaveTextContent('opening')
  expect(streams).toMatchObject([{ def: Video, key: 'bow', closed: false, options: { maxUnits: 7 } }])
  await screen.rerender(<Camera name="second" />)
  const [stream] = streams
  const before = renders
  stream?.options.onUnit?.(UNIT, INFO)
  stream?.options.onMessage?.('hello')
  stream?.options.onStart?.((message) => heard.push(`posted ${String(message)}`))
  expect(heard).toEqual(['second unit 0', 'second hello', 'posted second'])
  expect(renders).toBe(before)
  stream?.setStatus({ state: 'live', since: 2 })
  await expect.element(screen.getByRole('status')).toHaveTextContent('live')
  stream?.setStatus({ state: 'error', since: 3, error: { code: 'denied', what: 'no such camera' } })
  await expect.element(screen.getByRole('status')).toHaveTextContent('error: no such camera')
  expect(streams).toHaveLength(1)
  await screen.unmount()
  expect(stream?.closed).toBe(true)
})

test('another key is another stream; null is none', async () => {
  const { client, streams } = createFakeClient()
  const { useDataStream: useIt } = createHooks(client)
  const Camera = ({ name }: { readonly name: string | null }): ReactNode => <output>{useIt(Video, name).state}</output>
  const screen = await render(<Camera name={null} />)
  await expect.element(screen.getByRole('status')).toHaveTextContent('closed')
  expect(streams).toEqual([])
  await screen.rerender(<Camera name="bow" />)
  await expect.element(screen.getByRole('status')).toHaveTextContent('opening')
  streams[0]?.setStatus({ state: 'live', since: 2 })
  await expect.element(screen.getByRole('status')).toHaveTextContent('live')
  await screen.rerender(<Camera name="stern" />)
  await expect.element(screen.getByRole('status')).toHaveTextContent('opening')
  expect(streams.map(({ key, closed }) => [key, closed])).toEqual([
    ['bow', true],
    ['stern', false],
  ])
  await screen.rerender(<Camera name={null} />)
  await expect.element(screen.getByRole('status')).toHaveTextContent('closed')
  expect(streams.every(({ closed }) => closed)).toBe(true)
})

test('StrictMode and a hidden Activity leave one stream open, or none', async () => {
  const { client, streams } = createFakeClient()
  const Camera = (): ReactNode => <output>{useDataStream(Video, 'bow').state}</output>
  const Page = ({ visible }: { readonly visible: boolean }): ReactNode => (
    <StrictMode>
      <Activity mode={visible ? 'visible' : 'hidden'}>
        <Camera />
      </Activity>
    </StrictMode>
  )
  const open = (): number => streams.filter(({ closed }) => !closed).length
  const screen = await render(<Page visible />, { wrapper: provide(client) })
  await expect.element(screen.getByRole('status')).toHaveTextContent('opening')
  expect(open()).toBe(1)
  await screen.rerender(<Page visible={false} />)
  await expect.poll(open).toBe(0)
  await screen.rerender(<Page visible />)
  await expect.poll(open).toBe(1)
  streams.findLast(({ closed }) => !closed)?.setStatus({ state: 'live', since: 2 })
  await expect.element(screen.getByRole('status')).toHaveTextContent('live')
})
