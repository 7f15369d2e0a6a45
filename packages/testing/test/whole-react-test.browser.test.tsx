import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { RivuletProvider, useRpc, useStore, useStoreStatus } from '@rivulet/react'
import { createTestServer } from '@rivulet/testing'
import { Add, HarborStore } from './support/schema.ts'

function Boats() {
  const { loaded } = useStoreStatus(HarborStore, 'boats')
  const names = useStore(HarborStore, (s) => [...(s.boats?.values() ?? [])].map((boat) => boat.name).join(', '))
  const ticks = useStore(HarborStore, 'ticks')
  const add = useRpc(Add)
  if (!loaded) return <p>Loading…</p>
  return <button onClick={() => void add({ by: 2 })}>{`${names}: ${ticks}`}</button>
}

afterEach(cleanup)

test('boats come in, and a click adds', async () => {
  const server = createTestServer({ act })
  const client = server.client()
  server.on(Add, ({ by }) => {
    server.update(HarborStore, (draft) => void (draft.ticks += by))
    return by
  })

  render(
    <RivuletProvider client={client}>
      <Boats />
    </RivuletProvider>,
  )
  await server.settled()
  expect(screen.getByText('Loading…')).toBeTruthy()

  server.set(HarborStore, { boats: new Map([['a', { name: 'Anna', draught: 2 }]]) })
  await server.settled()
  screen.getByText('Anna: 0').click()
  await server.settled()
  expect(screen.getByText('Anna: 2')).toBeTruthy()

  server.disconnect()
  await server.settled()
  expect(screen.getByText('Anna: 2')).toBeTruthy() // the last state stays on screen
  await server.dispose()
})
