import type { Recording } from '../../../recording/recording.ts'
import type { ClientModel } from '../../client-model.ts'

const recorded = new WeakMap<ClientModel, Recording>()

/** The recording that a model was made from; undefined for one of a client. */
export function recordingOf(model: ClientModel): Recording | undefined {
  return recorded.get(model)
}

/** Says that `model` was made from a recording. */
export function setRecording(model: ClientModel, recording: Recording): void {
  recorded.set(model, recording)
}
