import type { ReactNode } from 'react'

/** Figures with their names. */
export function Stats({ figures }: { readonly figures: Readonly<Record<string, string>> }): ReactNode {
  return (
    <dl className="stats">
      {Object.entries(figures).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-stat={name}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
