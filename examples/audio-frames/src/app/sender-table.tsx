import { useStore } from '@rivulet/react'
import type { ReactNode } from 'react'
import { LevelMeter } from '../../../shared/page/level-meter.tsx'
import { StudioStore } from '../studio/schema.ts'

const COUNTS = ['frames', 'lost', 'gaps', 'late', 'duplicates'] as const
const whole = new Intl.NumberFormat('en')

/** Everybody who sends, as the host sees them. */
export function SenderTable({ self }: { readonly self: string }): ReactNode {
  const ids = useStore(StudioStore, ({ senders }) => Array.from(senders?.keys() ?? []).toSorted())
  return (
    <section className="card">
      <h2 id="senders">At the host</h2>
      {ids.length === 0 ? (
        <p className="lead">Nobody has sent anything yet.</p>
      ) : (
        <div className="scroll">
          <table aria-labelledby="senders">
            <thead>
              <tr>
                <th scope="col">Sender</th>
                <th scope="col" className="level">
                  Level
                </th>
                {COUNTS.map((count) => (
                  <th key={count} scope="col" className="count">
                    {count}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {ids.map((id) => (
                <SenderRow key={id} id={id} self={id === self} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function SenderRow({ id, self }: { readonly id: string; readonly self: boolean }): ReactNode {
  const name = useStore(StudioStore, ['senders', id, 'name']) ?? ''
  return (
    <tr data-sender={self ? 'self' : 'other'}>
      <th scope="row">
        {name}
        {self ? <span className="you"> (this page)</span> : null}
      </th>
      <td className="level">
        <SenderMeter id={id} />
      </td>
      {COUNTS.map((count) => (
        <Count key={count} id={id} count={count} />
      ))}
    </tr>
  )
}

/** Reads nothing but the level, which changes with every update. */
function SenderMeter({ id }: { readonly id: string }): ReactNode {
  const level = useStore(StudioStore, ['senders', id, 'level']) ?? 0
  return <LevelMeter read={() => level} />
}

function Count({ id, count }: { readonly id: string; readonly count: (typeof COUNTS)[number] }): ReactNode {
  const value = useStore(StudioStore, ['senders', id, count]) ?? 0
  return (
    <td className="count" data-stat={count}>
      {whole.format(value)}
    </td>
  )
}
