import { createTestServer } from '@rivulet/testing'
import { expect, test, vi } from 'vitest'
import { BoardStore } from '../../../../demo-tictactoe/src/game/schema.ts'
import { connectReduxDevtools } from '../../src/redux.ts'
import { REDUX_EXTENSION } from '../../src/redux/extension.ts'
import { createFakeReduxExtension } from '../support/fake-redux-extension.ts'

test('on a real client: a jump shows the earlier state, the newest and the end show the host’s', async () => {
  const redux = createFakeReduxExtension()
  Object.assign(globalThis, { [REDUX_EXTENSION]: redux.extension })
  const server = createTestServer()
  const client = server.client({ devtools: true })
  const corner = (): string | undefined => client.store(BoardStore).get(['board', 0, 1])
  server.set(BoardStore, { board: [['X', '']], xTurn: true })
  client.store(BoardStore).subscribe(['board', 0, 1], () => {})
  await server.settled()

  const end = connectReduxDevtools(client)
  const instance = await vi.waitUntil(() => redux.instances[0], { timeout: 20_000 })
  redux.open()
  // A page knows of a store what it follows.
  expect(instance.states).toEqual(['{"BoardStore":{"board[0][1]":""}}'])
  server.set(BoardStore, { board: [['X', 'O']], xTurn: true })
  await server.settled()
  await vi.waitFor(() => expect(instance.actions).toHaveLength(2), { timeout: 20_000 })

  const jump = (to: number): void =>
    instance.press({ type: 'DISPATCH', payload: { type: 'JUMP_TO_STATE' }, state: instance.states[to] ?? '' })
  jump(0)
  expect(corner()).toBe('')
  jump(1)
  expect(corner()).toBe('O')
  jump(0)
  end()
  expect(corner()).toBe('O')
  expect(instance.errors).toEqual([])

  Reflect.deleteProperty(globalThis, REDUX_EXTENSION)
  await server.dispose()
})
