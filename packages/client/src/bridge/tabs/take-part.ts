import { RivuletError } from '@rivulet/wire'
import type { EngineLink, StartEngine, StartRequest } from '../engine-link.ts'
import { follow } from './follow.ts'
import { type HeldLock, holdLock, stealLock, tryLock } from './hold-lock.ts'
import { watchPulse } from './watch-pulse.ts'

/** Called when the engine that was joined cannot be reached any more. */
type Gone = (error: RivuletError) => void

/** Runs the engine for all tabs, or uses the engine of the tab that does. */
export interface Election {
  /** Joins it as what it is now: the first tab leads, the others follow. `gone` runs when the leader has changed. */
  takePart(request: StartRequest, gone: Gone): Promise<EngineLink>
}

/**
 * Leading is a Web Lock: the tab that holds it runs the engine, the others wait for it in a queue, so that the browser names the next leader as soon as one is gone, however it went. A leader that holds the
 * lock and does not react (some browsers suspend tabs without a word) is robbed of it; it follows when it wakes.
 */
export function createElection(name: string, startOwn: StartEngine): Election {
  const lock = `${name}:leader`
  let leading: HeldLock | undefined

  const lead = async (request: StartRequest, mine: HeldLock, gone: Gone): Promise<EngineLink> => {
    const resign = (): void => {
      mine.release()
      if (leading === mine) leading = undefined
    }
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
    const whenRobbed = async (): Promise<void> => {
      await mine.stolen
      resign()
      gone(new RivuletError('disconnected', 'this tab did not react, so another one has taken the connection over'))
    }
    void whenRobbed()
    return {
      ...own,
      mode: 'leader',
      terminate() {
        terminate()
        resign()
      },
    }
  }

  /** Follows, and stands for election meanwhile. Null when this tab has become the leader before it could follow. */
  const followAsCandidate = async (request: StartRequest, gone: Gone): Promise<EngineLink | null> => {
    const ending = new AbortController()
    const signal = AbortSignal.any([ending.signal, request.signal])
    let link: EngineLink | undefined
    const elected = (held: HeldLock): void => {
      if (signal.aborted) {
        held.release()
        return
      }
      leading = held
      const why = new RivuletError('disconnected', 'the tab that held the connection has gone; this one takes over')
      if (link === undefined) ending.abort(why)
      else gone(why)
    }
    // Whoever stops waiting has said why already.
    holdLock(lock, signal).then(elected, () => undefined)
    try {
      link = await follow(request, name, gone, signal)
    } catch (e) {
      if (leading !== undefined && !request.signal.aborted) return null
      ending.abort(e)
      throw e
    }
    const { terminate, control } = link
    const stopPulse = watchPulse(
      () => control.unwatch([]),
      () => void stealLock(lock).then(elected),
    )
    const leave = (): void => {
      stopPulse()
      ending.abort()
      terminate()
    }
    if (leading === undefined) return { ...link, terminate: leave }
    leave()
    return null
  }

  return {
    async takePart(request, gone) {
      leading ??= (await tryLock(lock)) ?? undefined
      const link = leading === undefined ? await followAsCandidate(request, gone) : null
      if (link !== null) return link
      if (leading === undefined) throw new RivuletError('worker', 'no tab leads')
      return lead(request, leading, gone)
    },
  }
}
