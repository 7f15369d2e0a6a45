import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { RivuletProvider, useStore } from '@rivulet/react'
import * as context from '../src/context.ts'
import { createFakeClient } from './support/fake-client.ts'
import { FleetStore } from './support/schema.ts'

/** A second instance of a source module, as a bundle with a duplicated dependency would have it. */
async function secondCopy(): Promise<typeof context> {
  const url = new URL('../src/context.ts?copy=2', import.meta.url).href
  return (await import(/* @vite-ignore */ url)) as typeof context
}

test('two copies of the package find the same provider', async () => {
  const copy = await secondCopy()
  expect(copy.useClient).not.toBe(context.useClient)
  expect(copy.ClientContext).toBe(context.ClientContext)

  const { client } = createFakeClient()
  const { useClient: useClientOfCopy } = copy
  const Page = (): ReactNode => (
    <p>
      {useStore(FleetStore, 'title')} {String(useClientOfCopy() === client)}
    </p>
  )
  const screen = await render(
    <RivuletProvider client={client}>
      <Page />
    </RivuletProvider>,
  )
  await expect.element(screen.getByText('Harbour true')).toBeVisible()
})
