import type { FeedEntry } from '@rivulet/client/inspect'
import type { Recording } from '../../../recording/recording.ts'
import type { ClientModel } from '../../client-model.ts'

/** How many entries the panel has heard of that came after the recording was taken. */
export function newerThan({ entries }: ClientModel, recording: Recording | undefined): number {
  const newest: FeedEntry | undefined = entries.at(entries.size - 1)
  return newest === undefined || recording === undefined ? 0 : Math.max(0, newest.seq - recording.ring.last)
}

/** Why there is no moment to look at. */
export function emptyText(model: ClientModel, recording: Recording | undefined): string {
  if (recording !== undefined) return 'No update of a store is in the recording.'
  if (model.hello === undefined) return model.gone ?? 'There is no engine yet.'
  return model.hello.ringBytes === 0 ? 'Recording is off; the Session view turns it on.' : 'Asking the engine…'
}
