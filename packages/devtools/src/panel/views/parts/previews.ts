import type { FrameEntry } from '@rivulet/client/inspect'
import { decodeValue, nodeAt } from '@rivulet/wire'
import type { ClientModel } from '../../client-model.ts'
import { formatBytes } from '../../format-units.ts'
import { hexOf, previewValue } from '../../format-value.ts'
import { messageOf } from '../../h.ts'
import { toText } from '../../to-text.ts'
import { packetOf } from '../wire/inspect-frame.ts'

/** Messages on one line, for lists: their bytes are fetched when a row is drawn. */
export interface Previews {
  /** What is known; `…` until the bytes are there. */
  of(entry: FrameEntry): string
  destroy(): void
}

const EVERY_MS = 150
/** Asked for at once, the newest; the others ask again when they are drawn again. */
const AT_ONCE = 64
/** Larger messages are not spelled out. */
const MAX_BYTES = 256 * 1024
const MAX_TEXT = 20_000
const MAX_PREVIEW = 120

/** Makes them; `came` is called when there is something new to draw. */
export function createPreviews(model: ClientModel, came: () => void): Previews {
  // Entries that the log forgets are forgotten here.
  const known = new WeakMap<FrameEntry, string>()
  let wanted = new Set<FrameEntry>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false

  const fetch = async (): Promise<void> => {
    const entries = [...wanted].slice(-AT_ONCE)
    wanted = new Set()
    try {
      const all = await model.bytes(entries.map(({ seq }) => seq))
      for (const [i, entry] of entries.entries()) known.set(entry, previewOf(model, entry, all[i]))
    } catch (error) {
      for (const entry of entries) known.set(entry, messageOf(error))
    }
    timer = undefined
    if (!ended) came()
  }

  return {
    of(entry) {
      const text = known.get(entry)
      if (text !== undefined) return text
      if (entry.bytes === 0) return ''
      if (entry.bytes > MAX_BYTES) return formatBytes(entry.bytes)
      wanted.add(entry)
      timer ??= setTimeout(() => void fetch(), EVERY_MS)
      return '…'
    },
    destroy() {
      ended = true
      clearTimeout(timer)
    },
  }
}

/** A message of a call or event on one line; bytes where its schema is not known. */
export function previewOf(model: ClientModel, entry: FrameEntry, bytes: Uint8Array | null | undefined): string {
  if (bytes === null || bytes === undefined) return 'no longer kept'
  const packet = packetOf(model, entry)
  if (packet === undefined) return hexOf(bytes, 32, ' ')
  try {
    const value = decodeValue(packet.types, packet.node, bytes)
    const answer = entry.kind === 'rpccallresp' ? answerOf(packet, value) : undefined
    return answer ?? previewValue(packet.types, packet.node, value, MAX_PREVIEW)
  } catch (error) {
    return messageOf(error)
  }
}

/** The result of a response, unless it has an error (session.md §2.1). */
function answerOf({ types, node }: NonNullable<ReturnType<typeof packetOf>>, value: unknown): string | undefined {
  const { result, error } = value as { readonly result?: unknown; readonly error?: unknown }
  const type = nodeAt(types, node, ['result'])
  if (error !== null) return undefined
  return type === null ? 'done' : previewValue(types, type, result, MAX_PREVIEW)
}

/** The same over many lines, as JSON that can be edited. */
export async function fullText(model: ClientModel, entry: FrameEntry): Promise<string> {
  if (entry.bytes === 0) return ''
  if (entry.bytes > MAX_BYTES) return `${formatBytes(entry.bytes)}: see its bytes in Wire.`
  const [bytes] = await model.bytes([entry.seq])
  if (bytes === null || bytes === undefined) return 'These bytes are no longer kept.'
  return packetText(packetOf(model, entry), bytes)
}

/** A packet as JSON; its bytes where it cannot be read. */
export function packetText(packet: ReturnType<typeof packetOf>, bytes: Uint8Array): string {
  const plain = hexOf(bytes, 1024, ' ')
  if (packet === undefined) return plain
  try {
    const text = toText(packet.types, packet.node, decodeValue(packet.types, packet.node, bytes))
    return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
  } catch (error) {
    return `${messageOf(error)}\n${plain}`
  }
}
