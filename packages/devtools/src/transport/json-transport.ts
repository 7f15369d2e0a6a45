import type { Transport } from '../protocol.ts'
import { fromJsonValue, toJsonValue } from './json-values.ts'
import { openLine } from './line.ts'

/** A line that knows only strings, such as a port of an extension. */
export interface TextLine {
  post(text: string): void
  /** Called once. */
  listen(heard: (text: string) => void): void
  /** Calls `listener` when the line is cut; absent where that is not to be known. */
  closed?(listener: () => void): void
  close(): void
}

/** Characters in one message of the line; Chrome refuses extension messages over 64 MiB. */
const PIECE = 1 << 24
/** Characters of one message in pieces. What is larger is damage, and ends the line. */
const MAX_MESSAGE = 1 << 29

/**
 * A transport over a line of strings: bytes, buffers, bigints, dates, maps, sets and `undefined` arrive as they were, and messages of more than 16 million characters go in pieces.
 *
 * @example
 * const port = chrome.runtime.connect({ name: 'rivulet' })
 * const transport = jsonTransport({
 *   post: (text) => port.postMessage(text),
 *   listen: (heard) => port.onMessage.addListener(heard),
 *   closed: (listener) => port.onDisconnect.addListener(listener),
 *   close: () => port.disconnect(),
 * })
 */
export function jsonTransport<Out, In>(line: TextLine, pieceLength: number = PIECE): Transport<Out, In> {
  let pieces: string[] = []
  let length = 0

  return openLine<Out, In>({
    post(parcel) {
      const text = JSON.stringify(toJsonValue(parcel))
      // `+` more follows, `.` the end.
      for (let at = 0; at < text.length; at += pieceLength) {
        const isLast = at + pieceLength >= text.length
        line.post(`${isLast ? '.' : '+'}${text.slice(at, at + pieceLength)}`)
      }
    },
    listen(heard) {
      line.closed?.(() => heard(['x']))
      line.listen((piece) => {
        if (typeof piece !== 'string') return
        pieces.push(piece.slice(1))
        length += piece.length - 1
        if (length > MAX_MESSAGE) heard(['x'])
        if (piece.startsWith('+') && length <= MAX_MESSAGE) return
        const text = pieces.join('')
        pieces = []
        length = 0
        const parcel = parse(text)
        // A line that garbles one message may have lost others.
        heard(parcel ?? ['x'])
      })
    },
    close: () => line.close(),
  })
}

function parse(text: string): unknown {
  try {
    return fromJsonValue(JSON.parse(text))
  } catch {
    return undefined
  }
}
