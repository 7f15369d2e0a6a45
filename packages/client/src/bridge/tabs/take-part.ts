import { RivuletError } from '@rivulet/wire'
import type { EngineLink, StartEngine, StartRequest } from '../engine-link.ts'
import { follow } from './follow.ts'
import { holdLock, type HeldLock, tryLock } from './hold-lock.ts'

/** Runs the engine for all tabs, or uses the engine of the tab that does. */
export interface Election {
  /** Joins it as what it is now: the first tab leads, the others follow. `gone` runs when the leader has changed. */
  takePart(request: StartRequest, gone: (error: RivuletError) => void): Promise<EngineLink>
}

/**
 * Leading is a Web Lock: the tab that holds it runs the engine, the others wait for it in a queue, so that the browser names the next leader as soon as one is gone, however it went.
 */
export function createElection(name: string, startOwn: StartEngine): Election {
  const lock = `${name}:leader`
  let leading: HeldLock | undefined

  const resign = (): void => {
    leading?.release()
    leading = undefined
  }

  const lead = async (request: StartRequest): Promise<EngineLink> => {
    let own: EngineLink | undefined
    try {
      own = await startOwn({ ...request, tabs: 'own' })
      await own.serve?.(name)
    } catch (e) {
      own?.terminate()
      resign()
      throw e
    }
    const { terminate } = own
    return {
      ...own,
      mode: 'leader',
      terminate() {
        terminate()
        resign()
      },
    }
  }

  return {
    async takePart(request, gone) {
      leading ??= (await tryLock(lock)) ?? undefined
      if (leading !== undefined) return lead(request)
      const ending = new AbortController()
      let link: EngineLink | undefined
      const elected = (held: HeldLock): void => {
        if (ending.signal.aborted || request.signal.aborted) {
          held.release()
          return
        }
        leading = held
        const why = new RivuletError('disconnected', 'the tab that held the connection has gone; this one takes over')
        if (link === undefined) ending.abort(why)
        else gone(why)
      }
      // Whoever stops waiting has said why already.
      holdLock(lock, AbortSignal.any([ending.signal, request.signal])).then(elected, () => undefined)
      try {
        link = await follow(request, name, gone, AbortSignal.any([ending.signal, request.signal]))
      } catch (e) {
        if (leading !== undefined && !request.signal.aborted) return lead(request)
        ending.abort(e)
        throw e
      }
      if (leading !== undefined) {
        link.terminate()
        return lead(request)
      }
      const { terminate } = link
      return {
        ...link,
        terminate() {
          ending.abort()
          terminate()
        },
      }
    },
  }
}
