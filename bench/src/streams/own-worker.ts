import { handleStream } from '@rivulet/client/worker'
import { Painted } from '../generated/schema.ts'

// Takes the units off the page; the page hears how many there were when it asks.
handleStream(Painted, (stream) => {
  let units = 0
  let waitFor = Infinity
  const tell = (): void => {
    if (units < waitFor) return
    waitFor = Infinity
    stream.post(units)
  }
  return {
    onUnit() {
      units++
      tell()
    },
    onMessage(message) {
      waitFor = message as number
      tell()
    },
  }
})
