import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'

// Node: no document, no custom elements, no storage.

test('the entries can be imported on a server, and mount nothing', async () => {
  const entries = [await import('../src/index.ts'), await import('../src/production.ts')]
  for (const { mountDevtools } of entries) {
    const unmount = mountDevtools({ open: true })
    unmount()
    unmount()
  }
  const { connectReduxDevtools } = await import('../src/redux.ts')
  connectReduxDevtools()()
  const { rivuletDevtoolsPlugin } = await import('../src/tanstack.ts')
  expect(rivuletDevtoolsPlugin()).toMatchObject({ id: 'rivulet', name: 'Rivulet' })
})

test('the component renders nothing there', async () => {
  const { RivuletDevtools } = await import('../src/react.ts')
  expect(renderToString(createElement(RivuletDevtools, { open: true }))).toBe('')
})
