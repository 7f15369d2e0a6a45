import { createViews } from '@rivulet/react'
import { createElement as h, type FunctionComponent, type ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { createFakeClient } from './support/fake-client.ts'
import { FLEET, FleetStore } from './support/schema.ts'

test.each([
  ['nothing', null],
  ['data', FLEET],
])('on a server with %s: zero values and no rows, and nothing is acquired', (_, state) => {
  const errors = vi.spyOn(console, 'error')
  const { client, store } = createFakeClient(state)
  const { For, Text } = createViews(client)
  const row = (id: string): ReactNode => h('li', null, id)
  const Page: FunctionComponent = () =>
    h(
      'ul',
      null,
      For({ each: [FleetStore, 'rows'], children: row, fallback: h('li', null, 'none') }),
      h('li', null, h(Title)),
    )
  const Title: FunctionComponent = () => Text({ of: [FleetStore, 'ticks'], format: (n) => `#${n}`, as: 'b' })
  expect(renderToString(h(Page))).toBe('<ul><li>none</li><li><b>#0</b></li></ul>')
  expect(store.subscriptions).toBe(0)
  expect(errors).not.toHaveBeenCalled()
  errors.mockRestore()
})
