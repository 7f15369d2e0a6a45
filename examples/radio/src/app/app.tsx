import { useStore, useStoreStatus } from '@rivulet/react'
import { useEffect, useEffectEvent, useState, type ReactNode } from 'react'
import { ConnectionBadge } from '../../../shared/page/connection-badge.tsx'
import { RadioStore } from '../radio/schema.ts'
import { createSpeaker, type Speaker } from '../radio/speaker.ts'
import { Dial } from './dial.tsx'
import { StationCard } from './station-card.tsx'
import { stationIds } from './station-ids.ts'

const NONE: ReadonlySet<string> = new Set()

/** The whole page. `speaker` is another one in tests. */
export function App({ speaker: given }: { readonly speaker?: Speaker }): ReactNode {
  const ids = useStore(RadioStore, stationIds)
  const { loaded } = useStoreStatus(RadioStore, 'stations')
  const [speaker] = useState(() => given ?? createSpeaker())
  const [tuned, setTuned] = useState(NONE)
  const [silence, setSilence] = useState('')

  const toggle = (id: string): void => {
    const next = new Set(tuned)
    if (!next.delete(id)) next.add(id)
    setTuned(next)
    // Here, because browsers let a page make sound only as the answer to a click or a key.
    speaker.start().then(
      () => setSilence(''),
      (error: unknown) => setSilence(`No sound: ${error instanceof Error ? error.message : String(error)}`),
    )
  }

  const onDigit = useEffectEvent((event: KeyboardEvent) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return
    const id = ids[Number(event.key) - 1]
    if (id !== undefined) toggle(id)
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onDigit(event)
    globalThis.addEventListener('keydown', listener)
    return () => globalThis.removeEventListener('keydown', listener)
  }, [])

  return (
    <main className="app">
      <header>
        <h1>Radio</h1>
        <ConnectionBadge />
      </header>
      <p className="lead">
        Stations that the host synthesizes only while somebody listens. Tune in to as many as you like; open a second
        tab.
      </p>
      <Dial stations={ids.filter((id) => tuned.has(id))} />
      <p className="notice" role="alert">
        {silence}
      </p>
      <ul className="stations" aria-busy={!loaded} aria-label="Stations">
        {ids.map((id) => (
          <li key={id}>
            <StationCard id={id} tuned={tuned.has(id)} speaker={speaker} onToggle={() => toggle(id)} />
          </li>
        ))}
      </ul>
      <footer>
        <p className="keys">
          Keys <kbd>1</kbd>–<kbd>4</kbd> tune in and out.
        </p>
        <p>16 kHz, 16 bit, one keyed event per station every 20 ms.</p>
      </footer>
    </main>
  )
}
