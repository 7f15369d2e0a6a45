import { type ComponentType, memo, type ReactNode, Suspense, useEffect, useState } from 'react'
import type { LiveModel } from './live-model.ts'

/** What has been rendered so far. */
export interface Renders {
  /** Times each row has been rendered. */
  readonly byRow: Map<string, number>
  /** Times a Suspense boundary has shown its fallback. */
  fallbacks: number
}

/** An application with a text field and a row per entity of `ids`. */
export function liveApp(
  model: LiveModel,
  ids: readonly string[],
  renders: Renders = { byRow: new Map(), fallbacks: 0 },
): ComponentType {
  const { useEntity, Provider = ({ children }: { children: ReactNode }) => children } = model
  const Row = memo(({ id }: { id: string }) => {
    const entity = useEntity(id)
    renders.byRow.set(id, (renders.byRow.get(id) ?? 0) + 1)
    return <li data-id={id}>{entity?.x}</li>
  })
  const Rows = memo(() => (
    <ul>
      {ids.map((id) => (
        <Row key={id} id={id} />
      ))}
    </ul>
  ))
  function Fallback(): ReactNode {
    useEffect(() => void renders.fallbacks++, [])
    return null
  }
  return function App() {
    const [text, setText] = useState('')
    return (
      <Provider>
        <input value={text} onChange={(event) => setText(event.target.value)} />
        <Suspense fallback={<Fallback />}>
          <Rows />
        </Suspense>
      </Provider>
    )
  }
}
