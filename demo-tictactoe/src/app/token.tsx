import type { ReactNode } from 'react'

/** An X or an O, drawn. Decoration: the cell's label says what it is. */
export function Token({ token }: { readonly token: string }): ReactNode {
  if (token === '') return null
  return (
    <svg className={`token token-${token.toLowerCase()}`} viewBox="0 0 100 100" aria-hidden="true" focusable="false">
      {token === 'X' ? (
        <path d="M24 24 76 76 M76 24 24 76" pathLength={1} />
      ) : token === 'O' ? (
        <circle cx="50" cy="50" r="28" pathLength={1} />
      ) : (
        <text x="50" y="50">
          {token}
        </text>
      )}
    </svg>
  )
}
