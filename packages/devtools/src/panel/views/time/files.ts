/** What is needed once somebody takes a recording out of the panel or into it; loaded then. */
export { encodeRecording } from '../../../recording/encode-recording.ts'
export { MAX_RECORDING_LENGTH, readRecording } from '../../../recording/read-recording.ts'
export { copyAsTest } from '../../../recording/test-source/copy-as-test.ts'
export { createRecordedModel } from './recorded-model.ts'
