import { useStore } from '@rivulet/react'
import type { ReactNode } from 'react'
import { RadioStore } from '../radio/schema.ts'
import type { Speaker } from '../radio/speaker.ts'
import { Receiver } from './receiver.tsx'

/** Props of {@link StationCard}. */
export interface StationCardProps {
  readonly id: string
  readonly tuned: boolean
  readonly speaker: Speaker
  readonly onToggle: () => void
}

/** A station, what the host knows of it, and the sound of it when tuned in. */
export function StationCard({ id, tuned, speaker, onToggle }: StationCardProps): ReactNode {
  const name = useStore(RadioStore, ['stations', id, 'name']) ?? id
  const about = useStore(RadioStore, ['stations', id, 'about']) ?? ''
  const mhz = useStore(RadioStore, ['stations', id, 'mhz']) ?? 0
  return (
    <section className="card station" data-station={id} data-tuned={tuned} aria-labelledby={`${id}-name`}>
      <header>
        <h2 id={`${id}-name`}>{name}</h2>
        <span className="mhz">{mhz.toFixed(1)} MHz</span>
      </header>
      <p className="lead">{about}</p>
      <OnAir id={id} />
      <p>
        <button type="button" aria-pressed={tuned} onClick={onToggle}>
          {tuned ? 'Tune out' : 'Tune in'}
          <span className="hidden"> {name}</span>
        </button>
      </p>
      {tuned ? <Receiver station={id} name={name} speaker={speaker} /> : null}
    </section>
  )
}

/** What the host says: its own component, because the frame count changes four times a second and nothing else does. */
function OnAir({ id }: { readonly id: string }): ReactNode {
  const listeners = useStore(RadioStore, ['stations', id, 'listeners']) ?? 0
  const onAir = useStore(RadioStore, ['stations', id, 'onAir']) ?? false
  const frames = useStore(RadioStore, ['stations', id, 'frames']) ?? 0
  return (
    <p className="on-air" data-on={onAir}>
      <strong>{onAir ? 'On air' : 'Off'}</strong>
      <span data-stat="listeners">{listeners === 1 ? '1 listener' : `${listeners} listeners`}</span>
      <span data-stat="synthesized">{frames.toLocaleString('en')} frames made</span>
    </p>
  )
}
