import { transfer } from 'comlink'
import { afterEach, describe, expect, test } from 'vitest'
import type { EngineLink, StartRequest } from '../../../src/bridge/engine-link.ts'
import { startEngine } from '../../../src/bridge/start-engine.ts'
import { createTabStart } from '../../../src/bridge/tabs/create-tab-start.ts'
import { sharingName } from '../../../src/bridge/tabs/sharing-name.ts'
import type { FeedAnswer, FeedEntry, FeedMessage, FeedRequest } from '../../../src/feed-protocol.ts'
import { inlineWorker } from '../../../src/inline.ts'
import type { EngineConfig } from '../../../src/protocol.ts'
import { Add, BoardStore } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'

const CONFIG: EngineConfig = {
  url: 'http://127.0.0.1:9',
  path: '/socket',
  transports: ['websocket'],
  hasAuth: false,
  hasAuthenticate: false,
  authenticateTimeoutMs: 1000,
  delivery: 'safe',
  reconnectMinMs: 60_000,
  reconnectMaxMs: 60_000,
  callTimeoutMs: 1000,
  graceMs: 10,
  maxCallsInFlight: 4,
  maxCallsQueued: 4,
  ringBytes: 100_000,
}

const links = new Set<EngineLink>()
let identities = 0

afterEach(() => {
  for (const link of links) link.terminate()
  links.clear()
})

type Way = Partial<Pick<StartRequest, 'worker' | 'tabs'>>

async function start(way: Way, config = CONFIG): Promise<EngineLink> {
  const request: StartRequest = {
    config,
    hooks: { auth: async () => ({}), authenticate: async () => null },
    worker: 'auto',
    tabs: 'own',
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    onProblem: () => undefined,
    onGone: () => undefined,
    onTrouble: () => undefined,
    ...way,
  }
  const link = await (request.tabs === 'own' ? startEngine(request) : createTabStart(startEngine)(request))
  links.add(link)
  link.port.start()
  return link
}

interface Inspector {
  readonly messages: readonly FeedMessage[]
  readonly entries: readonly FeedEntry[]
  post(request: FeedRequest): void
  ask(request: FeedRequest & { readonly id: number }): Promise<FeedAnswer>
}

async function inspect({ control }: EngineLink): Promise<Inspector> {
  const { port1, port2 } = new MessageChannel()
  const messages: FeedMessage[] = []
  const entries: FeedEntry[] = []
  const post = (request: FeedRequest): void => port1.postMessage(request)
  port1.addEventListener('message', ({ data }: MessageEvent<FeedMessage>) => {
    messages.push(data)
    if (data.type !== 'entries') return
    entries.push(...data.entries)
    post({ type: 'more' })
  })
  port1.start()
  await control.inspect(transfer(port2, [port2]))
  await eventually(() => expect(messages[0]?.type).toBe('hello'))
  return {
    messages,
    entries,
    post,
    async ask(request) {
      post(request)
      return eventually(() => {
        const found = messages.find((message) => message.type === 'answer' && message.id === request.id)
        if (found?.type !== 'answer') throw new Error('no answer yet')
        return found.answer
      })
    },
  }
}

const ways: readonly (readonly [string, Way, string, string])[] = [
  ['a worker', {}, 'worker', 'worker'],
  ['a worker from a Blob', { worker: inlineWorker }, 'custom', 'custom'],
  ['the page', { worker: 'inline' }, 'inline', 'inline'],
  ['a SharedWorker', { tabs: { how: 'shared', identity: 'x' } }, 'shared-worker', 'shared-worker'],
  ['the leading tab', { tabs: { how: 'leader', identity: 'x' } }, 'leader', 'follower'],
  ['the page of the leading tab', { worker: 'inline', tabs: { how: 'leader', identity: 'x' } }, 'leader', 'follower'],
]

describe.each(ways)('an engine in %s', (_name, way, firstMode, secondMode) => {
  test('tells each of its pages what passes, and gives out its ring', async () => {
    const identity = `inspected ${identities++}`
    const own: Way = typeof way.tabs === 'object' ? { ...way, tabs: { ...way.tabs, identity } } : way
    const first = await start(own)
    const second = await start(own)
    expect([first.mode, second.mode]).toEqual([firstMode, secondMode])
    const isShared = own.tabs !== undefined
    for (const [seat, link] of [first, second].entries()) {
      const inspector = await inspect(link)
      const you = isShared ? seat : 0
      expect(inspector.messages[0]).toMatchObject({ you, ringBytes: 100_000, config: CONFIG })
      inspector.post({ type: 'more' })
      await link.control.define(0, BoardStore)
      expect(await link.control.call(7, Add, { x: 1, y: 1 }, 20)).toMatchObject({ ok: false })
      await eventually(() =>
        expect(inspector.entries.filter(({ type }) => type === 'call')).toMatchObject([
          { page: you, id: 7, step: 'asked' },
          { page: you, id: 7, step: 'failed', error: { code: 'timeout' } },
        ]),
      )
      expect(inspector.messages.some((message) => message.type === 'defs' && message.requests.length > 0)).toBe(true)
      expect(await inspector.ask({ type: 'stores', id: 1 })).toMatchObject({ stores: [{ name: 'BoardStore' }] })
      const answer = await inspector.ask({ type: 'ring', id: 2 })
      expect(answer).toMatchObject({ type: 'ring', ring: { first: 1, checkpoints: [{ store: 'BoardStore' }] } })
      inspector.post({ type: 'bye' })
    }
  })
})

test('a page that leaves takes its inspectors along; those of others stay', async () => {
  const tabs = { how: 'shared', identity: `inspected ${identities++}` } as const
  const [first, second] = [await start({ tabs }), await start({ tabs })]
  const [leaves, stays] = [await inspect(first), await inspect(second)]
  stays.post({ type: 'more' })
  const before = leaves.messages.length
  first.terminate()
  await eventually(() => expect(stays.entries.at(-1)).toMatchObject({ type: 'page', page: 0, step: 'left' }))
  leaves.post({ type: 'stores', id: 1 })
  expect(await stays.ask({ type: 'stores', id: 1 })).toMatchObject({ type: 'stores' })
  expect(leaves.messages.length).toBe(before)
})

test('tabs share whether or not devtools are on', async () => {
  const { ringBytes: _, ...production } = CONFIG
  const tabs = { how: 'auto', identity: 'ann' } as const
  expect(await sharingName({ config: production, tabs })).toBe(await sharingName({ config: CONFIG, tabs }))
  expect(await sharingName({ config: { ...CONFIG, graceMs: 11 }, tabs })).not.toBe(
    await sharingName({ config: CONFIG, tabs }),
  )
})
