import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, type ClientMode, type ClientOptions, createClient, type RivuletError } from '../../src/index.ts'
import { BoardStore } from '../support/board.ts'
import { eventually } from '../support/eventually.ts'
import type { Opened, Rig } from './case.ts'
import { cases } from './cases/all.ts'
import { type HostLink, startHost } from './host/link.ts'
import { openTab, type OtherTab } from './other-tab.ts'
import { topology as topologyOf } from './topologies.ts'

/** Runs every case in one topology, on one host. Cases without options of their own share a client, as the parts of an app do. */
export function runCases(name: string): void {
  const topology = topologyOf(name)
  let host: HostLink
  let companion: OtherTab | undefined
  let shared: { readonly opened: Opened; readonly close: () => Promise<void> } | undefined
  const endings: (() => unknown)[] = []
  let identities = 0

  beforeAll(async () => {
    topology.prepare?.()
    host = await startHost(`${name} ${crypto.randomUUID()}`)
    if (topology.otherMode !== undefined) companion = await openTab()
  })

  afterEach(async ({ task }) => {
    for (const end of endings.splice(0).toReversed()) await end()
    // What a case that failed leaves behind must not fail the next ones.
    if (task.result?.state === 'fail') await closeShared()
  })

  afterAll(async () => {
    await closeShared()
    companion?.close()
    await host?.stop()
    vi.unstubAllGlobals()
  })

  async function closeShared(): Promise<void> {
    const closing = shared
    shared = undefined
    await closing?.close()
  }

  async function open(
    options: Partial<ClientOptions>,
    tab = companion,
  ): Promise<{ readonly opened: Opened; readonly close: () => Promise<void> }> {
    const errors: RivuletError[] = []
    const mine: ClientOptions = {
      url: host.url,
      path: '/game',
      identity: `${name} ${identities++}`,
      graceMs: 20,
      reconnect: { minMs: 20, maxMs: 200 },
      // Two busy cores may take their time.
      workerStartTimeoutMs: 20_000,
      ...topology.options,
      ...options,
      onError(error) {
        errors.push(error)
        options.onError?.(error)
      },
    }
    const opened = new Set<Client>()
    const openOther = async (): Promise<Client | null> => {
      if (tab === undefined) return null
      const other = tab.createClient({ ...mine, autoConnect: true, onError: () => undefined })
      opened.add(other)
      await runsIn(other, topology.otherMode)
      return other
    }
    const close = async (): Promise<void> => {
      for (const one of opened) await one.dispose()
    }
    try {
      let other = topology.otherFirst === true ? await openOther() : null
      const client = createClient(mine)
      opened.add(client)
      if (options.autoConnect !== false) {
        await runsIn(client, topology.mode)
        const told = errors.splice(0, topology.problems ?? 0).length
        if (told !== (topology.problems ?? 0)) throw new Error(`the start has reported ${told} problems`)
        other ??= await openOther()
      }
      return { opened: { client, board: client.store(BoardStore), errors, other }, close }
    } catch (e) {
      await close()
      throw e
    }
  }

  describe(`the client, ${name}`, () => {
    // First those that share a client, which then ends: it would come back together with the clients that a case cuts off.
    const inOrder = [
      ...cases.filter(({ options }) => options === undefined),
      ...cases.filter(({ options }) => options !== undefined),
    ]
    const here = inOrder.filter(({ where }) => where?.(topology) !== false)
    test.each(here.map((one) => [one.name, one] as const))('%s', async (_, { options, run }) => {
      // What the case before has followed is given up.
      await eventually(async () => expect((await host.report()).keys).toEqual([]))
      await host.reset()
      const openForCase = async (more: Partial<ClientOptions>, tab?: OtherTab): Promise<Opened> => {
        const { opened, close } = await open(more, tab)
        endings.push(close)
        return opened
      }
      if (options === undefined) shared ??= await open({})
      else await closeShared()
      const opened =
        options === undefined ? (shared as NonNullable<typeof shared>).opened : await openForCase(options())
      const rig: Rig = {
        ...opened,
        topology,
        host,
        open: openForCase,
        async openTab() {
          const tab = await openTab()
          endings.push(() => tab.close())
          return tab
        },
        atEnd: (then) => void endings.push(then),
      }
      await run(rig)
      // A case takes out of the list what it has provoked.
      expect(opened.errors).toEqual([])
    })
  })
}

async function runsIn(client: Client, mode: ClientMode | undefined): Promise<void> {
  const where = await client.mode
  if (where !== mode) throw new Error(`the engine runs in ${where}, not in ${String(mode)}`)
}
