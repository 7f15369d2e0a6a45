import { handleStream } from '../../src/worker.ts'
import { Radar } from './host/schema.ts'

// A worker of the app: it takes the units of one stream, and tells the page only how many there were and what it was sent.
handleStream(Radar, (stream) => {
  let sent: unknown = null
  return {
    onUnit: (unit) => stream.post({ n: Number(unit.sequence), sent }),
    onMessage: (message) => (sent = message),
  }
})
