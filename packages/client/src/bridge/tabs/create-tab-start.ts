import { RivuletError } from '@rivulet/wire'
import { asRivuletError } from '../../plain-error.ts'
import type { EngineMessage } from '../../protocol.ts'
import type { EngineLink, StartEngine, StartRequest } from '../engine-link.ts'
import { joinSharedWorker } from './join-shared-worker.ts'
import { type Presence, watchPresence } from './presence.ts'
import { sharingName } from './sharing-name.ts'
import { createElection, type Election } from './take-part.ts'

/** Engines that may come and go within a minute; whatever takes more of them away takes the next one too. */
const MAX_CHANGES = 20
const MINUTE_MS = 60_000

/**
 * What starts the engines of one client that shares them with other tabs: joins a SharedWorker, else the tabs that elect a leader, as the options allow. Where neither works the tab gets an engine of
 * its own, from `startOwn`, and keeps to that.
 *
 * A page that the browser puts away leaves the engine, and joins again when it comes back.
 */
export function createTabStart(startOwn: StartEngine): StartEngine {
  let presence: Presence | undefined
  let election: Election | undefined
  let current: { readonly leave: (error: RivuletError) => void } | undefined
  let alone = false
  let changes: number[] = []

  const giveUpSharing = ({ onProblem }: StartRequest, e: unknown): void => {
    alone = true
    const { code, what, store, hint, cause } = asRivuletError(e, 'worker')
    onProblem(
      new RivuletError(code, what, {
        ...(store === undefined ? {} : { store }),
        hint: hint ?? 'This tab gets an engine and a connection of its own.',
        cause,
      }),
    )
  }

  /** Watches over a link: it ends when the page is put away, when the engine refuses the page, and when whoever made it says `gone`. Undefined when that happened before it was there. */
  const guarded = async (
    request: StartRequest,
    make: (gone: (error: RivuletError) => void) => Promise<EngineLink>,
  ): Promise<EngineLink | undefined> => {
    const made: { link?: EngineLink } = {}
    let ended = false
    const leave = (error: RivuletError): void => {
      if (ended) return
      ended = true
      made.link?.terminate()
      if (made.link !== undefined) request.onGone(error)
    }
    const gone = (error: RivuletError): void => {
      const now = performance.now()
      changes = [...changes.filter((at) => now - at < MINUTE_MS), now]
      if (changes.length > MAX_CHANGES) giveUpSharing(request, error)
      leave(error)
    }
    current = { leave }
    const link = await make(gone)
    if (ended) {
      link.terminate()
      return undefined
    }
    made.link = link
    link.port.addEventListener('message', ({ data }: MessageEvent<EngineMessage>) => {
      if (data.type !== 'refused') return
      giveUpSharing(request, new RivuletError(data.error.code, data.error.what, data.error))
      leave(new RivuletError('disconnected', data.error.what))
    })
    return link
  }

  const away = (): void =>
    current?.leave(
      new RivuletError('disconnected', 'the browser has put the page away', { hint: 'It comes back by itself.' }),
    )

  /** One try to share. */
  const share = async (
    request: StartRequest,
    { how }: Exclude<StartRequest['tabs'], 'own'>,
  ): Promise<EngineLink | undefined> => {
    const { signal, worker } = request
    if (!isSecureContext || !('locks' in navigator)) {
      throw new RivuletError('worker', 'tabs can share only in a secure context', {
        hint: 'Serve the page over https.',
      })
    }
    const name = await sharingName(request)
    if (how !== 'leader' && worker === 'auto') {
      try {
        return await guarded(request, (gone) => joinSharedWorker(request, name, gone))
      } catch (e) {
        if (how === 'shared' || signal.aborted) throw e
        const { what } = asRivuletError(e, 'worker')
        request.onProblem(
          new RivuletError('worker', what, { hint: 'One of the tabs runs the engine for all.', cause: e }),
        )
      }
    }
    election ??= createElection(name, startOwn)
    const tabs = election
    return guarded(request, (gone) => tabs.takePart(request, gone))
  }

  return async (request) => {
    const { signal, tabs } = request
    presence ??= watchPresence(signal, away)
    for (;;) {
      await presence.awake()
      signal.throwIfAborted()
      if (tabs === 'own' || alone) return startOwn({ ...request, tabs: 'own' })
      try {
        const link = await share(request, tabs)
        if (link !== undefined) return link
      } catch (e) {
        if (signal.aborted) throw e
        giveUpSharing(request, e)
      }
    }
  }
}
