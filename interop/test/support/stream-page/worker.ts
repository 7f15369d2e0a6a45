import { handleStream } from '@rivulet/client/worker'
import { CameraPainted } from '../../../src/generated/schema.ts'

// Paints each unit's first byte as a grey on the page's canvas: the page sees pictures, never bytes.
handleStream(CameraPainted, (stream) => {
  let context: OffscreenCanvasRenderingContext2D | null = null
  return {
    onUnit({ payload, sequence }) {
      const grey = payload[0] ?? 0
      if (context !== null) {
        context.fillStyle = `rgb(${grey} ${grey} ${grey})`
        context.fillRect(0, 0, 4, 4)
      }
      stream.post({ painted: Number(sequence), hasCanvas: context !== null })
    },
    onMessage: (message) => {
      context = (message as { readonly canvas: OffscreenCanvas }).canvas.getContext('2d')
    },
  }
})
