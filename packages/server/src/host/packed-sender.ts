import type { Namespace, Socket } from 'socket.io'
import type { Message } from './outbox.ts'

/** Hands a message to a viewer's socket. */
export type Send = (socket: Socket, message: Message) => void

/** A message as WebSocket frames, and as Engine.IO takes it. */
interface Packed {
  /** The Socket.IO packet without its attachments. */
  readonly header: string
  readonly options: { compress: boolean; readonly wsPreEncodedFrame: readonly [Buffer] }
}

const OPTIONS = '_opts'
const CAN_PACK = '_canSendPreEncodedFrame'

/** What Engine.IO has and does not declare. */
interface EngineSocket {
  readonly protocol: number
  readonly readyState: string
  readonly transport: { [CAN_PACK]?(packet: Pick<Packed, 'options'>): boolean }
  write(data: string, options: Packed['options']): unknown
}

/** Larger bodies are not copied: the system call that this saves is nothing beside them. */
const WORTH_PACKING = 64 * 1024

/**
 * `socket.emit` encodes a message for every socket anew and sends a message with bytes as two frames, each in a system call of its own, and the second only when
 * the first is done. Here the frames of a message are made once for all its viewers and leave in one write, which is most of what a delivery costs.
 *
 * It goes through the door that Socket.IO's own broadcasts use (`wsPreEncodedFrame`), asks Engine.IO for every message whether that door is open, and takes `socket.emit`
 * whenever it is not, or when somebody could notice: polling, compression, another protocol, connection state recovery, listeners for what is sent.
 */
export function createPackedSender(namespace: Namespace): Send {
  const { server, name } = namespace
  // Recovery has to see every packet. An unknown server may have it.
  const { [OPTIONS]: options } = server as Partial<Pick<Namespace['server'], typeof OPTIONS>>
  const canPack = options !== undefined && options.connectionStateRecovery === undefined
  // Viewers are told one after the other, so one place is as good as a table, and keeps nothing alive.
  let lastMessage: Message | undefined
  let last: Packed | null = null

  function packed(message: Message): Packed | null {
    if (message !== lastMessage) {
      last = pack(message)
      lastMessage = message
    }
    return last
  }

  function pack(message: Message): Packed | null {
    const { event, body } = message
    if (sizeOf(body) > WORTH_PACKING) return null
    const [header, ...attachments]: unknown[] = server.encoder.encode({
      type: EVENT,
      nsp: name,
      data: [event, body],
    })
    // Another parser may write something else.
    if (typeof header !== 'string') return null
    const text = MESSAGE + header
    const textBytes = Buffer.byteLength(text)
    let size = headerSize(textBytes) + textBytes
    for (const attachment of attachments) {
      if (!(attachment instanceof Uint8Array)) return null
      size += headerSize(attachment.length) + attachment.length
    }
    const frames = Buffer.allocUnsafe(size)
    let at = putHeader(frames, 0, TEXT, textBytes)
    at += frames.write(text, at)
    for (const attachment of attachments as readonly Uint8Array[]) {
      at = putHeader(frames, at, BINARY, attachment.length)
      frames.set(attachment, at)
      at += attachment.length
    }
    return { header, options: { compress: false, wsPreEncodedFrame: [frames] } }
  }

  return (socket, message) => {
    const one = canPack ? packed(message) : null
    const conn = socket.conn as unknown as EngineSocket
    if (
      one !== null &&
      conn.protocol === ENGINE_PROTOCOL &&
      conn.readyState === 'open' &&
      socket.listenersAnyOutgoing().length === 0 &&
      conn.transport[CAN_PACK]?.(one) === true
    ) {
      conn.write(one.header, one.options)
    } else socket.emit(message.event, message.body)
  }
}

/** Of Socket.IO's packet types. */
const EVENT = 2
/** Of Engine.IO's packet types, as text. */
const MESSAGE = '4'
/** In older ones, binary messages carry their type. */
const ENGINE_PROTOCOL = 4
const TEXT = 1
const BINARY = 2
const FINAL = 0x80

/** Header of an unmasked WebSocket frame (RFC 6455 §5.2). */
function headerSize(length: number): number {
  if (length < 126) return 2
  return length < 0x10000 ? 4 : 10
}

function putHeader(into: Buffer, at: number, opcode: number, length: number): number {
  into[at] = FINAL | opcode
  if (length < 126) {
    into[at + 1] = length
    return at + 2
  }
  if (length < 0x10000) {
    into[at + 1] = 126
    return into.writeUInt16BE(length, at + 2)
  }
  into[at + 1] = 127
  return into.writeBigUInt64BE(BigInt(length), at + 2)
}

function sizeOf(body: Message['body']): number {
  let bytes = 0
  for (const value of Object.values(body)) if (value instanceof Uint8Array) bytes += value.length
  return bytes
}
