import { RivuletError } from '@rivulet/wire'
import type { LoginLink, PageHooks } from '../protocol.ts'
import type { Place } from './seat.ts'

/**
 * The hooks of an engine that serves several pages: any of them can log in, because only pages with the same identity share. The newest page is asked first; one that failed, or never answered, is followed by the
 * one before it with the next connection attempt. When the page that is asked goes away, the attempt fails at once: half a login cannot be continued by another page on the same connection.
 */
export function seatHooks(places: ReadonlyMap<number, Pick<Place, 'hooks' | 'whenGone'>>): PageHooks {
  let failures = 0

  const ask = async <T>(question: (hooks: PageHooks) => Promise<T>, succeeded: (answer: T) => boolean): Promise<T> => {
    const newestFirst = [...places.values()].toReversed()
    const place = newestFirst[failures % newestFirst.length]
    if (place === undefined) throw new RivuletError('disposed', 'no page is left to log in')
    failures++
    let gone!: () => void
    const left = new Promise<never>((_, reject) => {
      gone = () => reject(new RivuletError('disconnected', 'the tab that was logging in has gone; another one does it'))
    })
    place.whenGone.add(gone)
    try {
      const answer = await Promise.race([question(place.hooks), left])
      if (succeeded(answer)) failures = 0
      return answer
    } finally {
      place.whenGone.delete(gone)
    }
  }

  return {
    auth: () =>
      ask(
        (hooks) => hooks.auth(),
        () => true,
      ),
    authenticate: (link: LoginLink) =>
      ask(
        (hooks) => hooks.authenticate(link),
        (error) => error === null,
      ),
  }
}
