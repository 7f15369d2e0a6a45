import { RivuletError, type StreamDef } from '@rivulet/wire'
import { transfer } from 'comlink'
import type { EngineMethods } from '../bridge/engine-link.ts'
import { asRivuletError, toPlainError } from '../plain-error.ts'
import type { StreamConfig, StreamEngineMessage, StreamPageMessage, StreamStatus } from '../stream-protocol.ts'
import { createGrace } from './grace.ts'
import { rethrowLater } from './notify.ts'
import type { Session } from './session.ts'
import { failStream, type StreamEntry } from './stream-entry.ts'

/** The data streams of a client. */
export interface Streams {
  open(entry: StreamEntry): void
  close(entry: StreamEntry): void
  /** Opens all streams in a fresh engine. */
  replay(): void
  /** The engine is gone: another one comes, or none. */
  lost(state: 'reconnecting' | 'error', error: RivuletError): void
  /** The client ends. */
  clear(error: RivuletError): void
}

/** One stream, with everybody who uses it. */
interface Channel {
  readonly id: string
  readonly def: StreamDef
  readonly key: string
  readonly config: StreamConfig
  readonly entries: Set<StreamEntry>
  status: StreamStatus
  port: MessagePort | null
}

/** How much is taken before the engine hears of it; far less than it sends ahead. */
const TELL_UNITS = 8
const TELL_BYTES = 1024 * 1024

/** Makes the data streams of one client. */
export function createStreams(session: Session, graceMs: number, report: (error: RivuletError) => void): Streams {
  const channels = new Map<string, Channel>()
  const grace = createGrace<Channel>(graceMs, (gone) => {
    for (const channel of gone) {
      channels.delete(channel.id)
      hangUp(channel)
    }
  })

  function show(channel: Channel, status: StreamStatus): void {
    channel.status = status
    for (const { status: cell } of Array.from(channel.entries)) cell.set(status)
  }

  function hangUp(channel: Channel): void {
    const { port } = channel
    if (port === null) return
    port.postMessage({ type: 'close' } satisfies StreamPageMessage)
    drop(channel)
  }

  function drop(channel: Channel): void {
    channel.port?.close()
    channel.port = null
    for (const entry of channel.entries) entry.post = null
  }

  async function start(control: EngineMethods, channel: Channel): Promise<void> {
    const { port1, port2 } = new MessageChannel()
    drop(channel)
    channel.port = port1
    let units = 0
    let bytes = 0
    port1.addEventListener('message', ({ data }: MessageEvent<StreamEngineMessage>) => {
      if (channel.port !== port1) return
      if (data.type === 'status') show(channel, data.status)
      else if (data.type === 'post') each(channel, ({ options }) => options.onMessage?.(data.message))
      else {
        const { unit, lost } = data
        // A listener may transfer the payload, which would then measure 0.
        const size = unit.payload.length
        each(channel, ({ options }) => options.onUnit?.(unit, { lost }))
        units++
        bytes += size
        if (units < TELL_UNITS && bytes < TELL_BYTES) return
        port1.postMessage({ type: 'taken', units, bytes } satisfies StreamPageMessage)
        units = bytes = 0
      }
    })
    port1.addEventListener('messageerror', () => {
      if (channel.port !== port1) return
      report(new RivuletError('protocol', 'a message of a data stream could not be read', placeOf(channel)))
      hangUp(channel)
      open(channel)
    })
    port1.start()
    for (const entry of Array.from(channel.entries)) begin(channel, entry)
    await control.openStream(plainDef(channel.def), channel.key, transfer(port2, [port2]), channel.config)
  }

  function open(channel: Channel): void {
    session.tell((control) => start(control, channel))
  }

  /** Lets one use post, now that there is an engine. */
  function begin(channel: Channel, entry: StreamEntry): void {
    const { port } = channel
    if (port === null) return
    entry.post = (message, moved = []) => {
      port.postMessage({ type: 'post', message } satisfies StreamPageMessage, [...moved])
    }
    run(() => entry.options.onStart?.((...sent) => entry.post?.(...sent)))
  }

  return {
    open(entry) {
      const { def, key } = entry
      const id = idOf(entry)
      const known = channels.get(id)
      if (known !== undefined) {
        grace.cancel(known)
        known.entries.add(entry)
        entry.status.set(known.status)
        begin(known, entry)
        return
      }
      let config: StreamConfig
      try {
        config = configOf(entry)
      } catch (e) {
        failStream(entry, asRivuletError(e, 'config'))
        return
      }
      const made: Channel = {
        id,
        def,
        key,
        config,
        entries: new Set([entry]),
        status: entry.status.get(),
        port: null,
      }
      channels.set(id, made)
      open(made)
    },
    close(entry) {
      entry.post = null
      const channel = channels.get(idOf(entry))
      if (channel?.entries.delete(entry) === true && channel.entries.size === 0) grace.add(channel)
    },
    replay() {
      for (const channel of channels.values()) open(channel)
    },
    lost(state, error) {
      for (const channel of channels.values()) {
        drop(channel)
        show(channel, { state, since: Date.now(), error: toPlainError(error, error.code) })
      }
    },
    clear(error) {
      grace.clear()
      for (const channel of channels.values()) {
        drop(channel)
        for (const entry of channel.entries) failStream(entry, error)
      }
      channels.clear()
    },
  }
}

/** Calls every use of a stream, whatever the others do. */
function each({ entries }: Channel, call: (entry: StreamEntry) => void): void {
  for (const entry of Array.from(entries)) if (entries.has(entry)) run(() => call(entry))
}

/** Runs code of the app; its errors are its own. */
function run(work: () => void): void {
  try {
    work()
  } catch (e) {
    rethrowLater(e)
  }
}

function idOf({ def, key }: StreamEntry): string {
  return JSON.stringify([def.store, def.name, key])
}

function plainDef({ kind, name, store }: StreamDef): StreamDef {
  return { kind, name, store }
}

function placeOf({ def, key }: Channel): { readonly store: string; readonly path: readonly string[] } {
  return { store: def.store, path: [def.name, key] }
}

/** Bounds with their defaults. Throws `config` for those that cannot work. */
function configOf({ def, key, options }: StreamEntry): StreamConfig {
  const { maxUnits = 256, maxBytes = 16 * 1024 * 1024, maxSilenceMs = 0 } = options
  const config: StreamConfig = { maxUnits, maxBytes, maxSilenceMs }
  for (const [name, value] of Object.entries(config)) {
    if (value >= (name === 'maxSilenceMs' ? 0 : 1) && value < 2 ** 31) continue
    throw new RivuletError('config', `the option ${name} of a data stream cannot be ${String(value)}`, {
      store: def.store,
      path: [def.name, key],
      hint: 'It is a number, less than 2 ** 31; the bounds are at least 1.',
    })
  }
  return config
}
