import { createHost, createStore, type Host, type HostLogger, type Store } from '@rivulet/server'
import { RadioStore, type RadioStoreState, StationFrame } from '../src/radio/schema.ts'
import { STATIONS } from './stations.ts'
import { createTransmitter, type Transmitter } from './transmitter.ts'

/** Options of {@link startRadioHost}. */
export interface RadioHostOptions {
  /** 0 picks a free port. */
  readonly port: number
  /** How often the counts on the dial are refreshed; every 250 ms by default. */
  readonly countMs?: number
  readonly logger?: HostLogger | null
}

/** A running radio. */
export interface RadioHost {
  readonly host: Host
  readonly radio: Store<RadioStoreState>
  readonly transmitter: Transmitter
  close(): Promise<void>
}

/** Serves the stations to everybody who comes, at `/socket`, from any web origin. */
export function startRadioHost({ port, countMs = 250, logger }: RadioHostOptions): RadioHost {
  const silent = { listeners: 0, onAir: false, frames: 0 }
  const radio = createStore(RadioStore, {
    stations: new Map(STATIONS.map(({ id, name, about, mhz }) => [id, { name, about, mhz, ...silent }])),
  })
  const host = createHost({
    port,
    cors: { origin: '*' },
    stores: [radio],
    // No viewer sessions: they keep the events that a page misses, and sound that comes late is worth nothing.
    ...(logger === undefined ? {} : { logger }),
  })

  const sound = host.keyedEvent(StationFrame)
  const transmitter = createTransmitter({
    stations: STATIONS,
    send: (station, seq, pcm) => sound.emit(station, { seq, pcm }),
  })

  // Nobody else hears about listeners in between the first and the last, so those are counted.
  const count = (): void => {
    radio.update(({ stations }) => {
      for (const [id, station] of stations ?? []) {
        station.listeners = sound.listeners(id)
        station.onAir = transmitter.onAir(id)
        station.frames = transmitter.frames(id)
      }
    })
  }
  const counting = setInterval(count, countMs)

  sound.onListening((station, on) => {
    transmitter.tune(station, on)
    count()
  })

  return {
    host,
    radio,
    transmitter,
    async close() {
      clearInterval(counting)
      transmitter.close()
      await host.close()
    },
  }
}
