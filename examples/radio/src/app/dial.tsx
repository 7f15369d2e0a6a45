import { useStore } from '@rivulet/react'
import type { ReactNode } from 'react'
import { LevelMeter } from '../../../shared/page/level-meter.tsx'
import { RadioStore } from '../radio/schema.ts'
import { useReception } from './use-reception.ts'

/** All that is tuned in, at a glance. Each lamp listens for itself, beside the station's card. */
export function Dial({ stations }: { readonly stations: readonly string[] }): ReactNode {
  return (
    <section className="card dial" aria-label="Tuned in">
      {stations.length === 0 ? (
        <p className="lead">Nothing tuned in. The host makes nothing for you.</p>
      ) : (
        <ul>
          {stations.map((id) => (
            <Lamp key={id} id={id} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Lamp({ id }: { readonly id: string }): ReactNode {
  const name = useStore(RadioStore, ['stations', id, 'name']) ?? id
  const listeners = useStore(RadioStore, ['stations', id, 'listeners']) ?? 0
  const reception = useReception(id)
  return (
    <li data-lamp={id}>
      <span>{name}</span>
      <LevelMeter read={() => reception.level(performance.now())} />
      <span className="lead">
        lamp and card both listen; the host counts {listeners === 1 ? '1 page' : `${listeners} pages`}
      </span>
    </li>
  )
}
