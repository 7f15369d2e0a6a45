import type { Client } from '@rivulet/client'
import { createClientWith, createEngine, createLive } from '@rivulet/client/parts'
import { RivuletError, type StoreDef } from '@rivulet/wire'
import { historyOf, isUpdate } from '../history.ts'
import type { Recording } from '../recording.ts'
import { portPair } from './port-pair.ts'
import { createReplayHost } from './replay-host.ts'
import { createReplaySocket, type HostMessage, type ReplaySocket } from './replay-socket.ts'
import { createLine, untilQuiet } from './turns.ts'

/** Options of {@link replayRecording}. */
export interface ReplayOptions {
  /**
   * What arrives is delivered within it, so that what it renders is there when a step resolves: `act` of `@testing-library/react`, or of `react`. Without React leave it out.
   */
  readonly act?: (run: () => Promise<void>) => unknown
  /** Hears of what the replayed client complains about; written to the console when absent. */
  readonly onError?: (error: RivuletError) => void
}

/** A recording that plays: a real client, whose host is the recording. */
export interface Replay {
  /** A client as `createClient` makes it: engine, patches and all, without network and worker. Mount the app's own components on it. */
  readonly client: Client
  readonly recording: Recording
  /** The entry after which the client's stores have the states that it shows; one less than the first when nothing has been played. */
  readonly seq: number
  /**
   * Plays up to and with the next update of a store. Resolves with its number when the page has it, or with null when there is none.
   *
   * @example
   * while ((await replay.step()) !== null) expect(screen.getByRole('status').textContent).not.toBe('')
   */
  step(): Promise<number | null>
  /**
   * Goes to the moment right after entry `seq`, forwards message by message or backwards in one go. A store of which nothing was known at that moment keeps what it shows. Throws `out-of-range` for a number
   * that the recording does not have.
   */
  to(seq: number): Promise<void>
  /** Plays the rest. */
  end(): Promise<void>
  /** Resolves when nothing is on its way any more: what was mounted has its values, calls are answered. */
  settled(): Promise<void>
  /**
   * The whole state of a store as the client has it now; undefined when nothing of it is known at this moment. Throws `unknown-store` for a store that the recording does not have.
   *
   * @example
   * expect(await replay.state('BoardStore')).toEqual({ board: null, xTurn: true })
   */
  state(store: string): Promise<unknown>
  /** Ends the client. */
  dispose(): Promise<void>
}

/**
 * Makes a client that lives through a recording, at first at the moment before its first entry. Paths may be followed that nobody followed while it was recorded; they have what the recorded state has.
 * Events are played too, and calls answered as they were. It runs wherever there is `MessageChannel`: Node, browsers, jsdom.
 *
 * @example
 * const replay = replayRecording(readRecording(text), { act })
 * render(<RivuletProvider client={replay.client}><Board /></RivuletProvider>)
 * await replay.end()
 * expect(screen.getByText('X has won')).toBeDefined()
 */
export function replayRecording(recording: Recording, options: ReplayOptions = {}): Replay {
  const { first, last, entries } = recording.ring
  const line = createLine()
  const sockets = new Set<ReplaySocket>()
  const ports = new Set<MessagePort>()
  const send = (message: HostMessage): void => sockets.forEach((socket) => socket.receive(message))
  const host = createReplayHost(recording, send)
  const { onError = (error: RivuletError) => console.error(error) } = options

  const io = (): ReplaySocket => {
    const socket = createReplaySocket(
      line,
      (event, body) => host.take(event, body),
      () => {
        sockets.delete(socket)
        host.left()
      },
    )
    sockets.add(socket)
    return socket
  }

  const client = createClientWith(
    { url: 'http://recording.test', graceMs: 0, onError },
    () => (setup) =>
      createLive(async ({ config, hooks }) => {
        const control = createEngine({ io, indexedDB: null })
        const { page, engine } = portPair(line)
        await control.start(config, engine, hooks)
        ports.add(page)
        return {
          mode: 'inline',
          port: page,
          control,
          terminate() {
            ports.delete(page)
            page.close()
            void control.dispose()
          },
        }
      }, setup),
  )

  const grant = (): void => ports.forEach((port) => port.postMessage({ type: 'credit' }))

  async function within(play: () => void): Promise<void> {
    const { act } = options
    const run = async (): Promise<void> => {
      // Who has asked for something gets it before the next moment comes.
      await untilQuiet(line, grant)
      play()
      await untilQuiet(line, grant)
    }
    await (act === undefined ? run() : act(run))
  }

  async function to(seq: number): Promise<void> {
    if (!Number.isSafeInteger(seq) || seq < first - 1 || seq > last) {
      throw new RivuletError('out-of-range', `the recording has no moment ${seq}`, {
        hint: `It has those from ${first - 1} to ${last}.`,
      })
    }
    await within(() => {
      if (seq < host.seq) host.jump(seq)
      while (host.seq < seq) host.next()
    })
  }

  return {
    client,
    recording,
    get seq() {
      return host.seq
    },
    async step() {
      const next = entries.slice(host.seq + 1 - first).find(isUpdate)
      if (next === undefined) return null
      await to(next.seq)
      return next.seq
    },
    to,
    end: () => to(last),
    settled: () => within(() => undefined),
    async state(name) {
      const store = client.store(defOf(client, historyOf(recording, name).def))
      const stop = store.subscribe([], () => undefined)
      try {
        await within(() => undefined)
        return store.loaded([]) ? store.get() : undefined
      } finally {
        stop()
      }
    },
    dispose: () => client.dispose(),
  }
}

/** The app's own descriptor where it has brought one: it may read numbers as bigints where the recording's does not. */
function defOf(client: Client, recorded: StoreDef): StoreDef {
  return client.stores.find(({ def }) => def.name === recorded.name)?.def ?? recorded
}
