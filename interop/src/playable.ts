import { isServable, type Recording, recordings } from './recording.ts'

/**
 * Conversations that a client of ours cannot have, and why. The recorded viewer was hostile on purpose; these are replayed against the host, where the hostile side is ours to play.
 */
export const HOSTILE: Readonly<Record<string, string>> = {
  'keyed-event-empty-key': 'an empty key is refused at the call, before anything is sent',
  'keyed-event-name-too-long': 'so is a name of 257 bytes',
  'rpc-request-not-binary': 'requests are encoded from typed arguments, so they are bytes',
  'rpc-undecodable-request': 'and complete ones',
  'session-manifest-invalid':
    'refused keys and names never get into a manifest, and several attaches that list other things follow on one connection',
  'session-resume-unknown': 'a client resumes only sessions that it was given',
}

/** The recordings in which a client of ours can take the viewers' part. */
export const playable: readonly Recording[] = recordings.filter((r) => isServable(r) && HOSTILE[r.name] === undefined)
