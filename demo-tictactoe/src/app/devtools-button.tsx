import { useState, type ReactNode } from 'react'

/** The devtools of the shipped page too: this is a demo, and they are worth a look. Loaded when they are asked for; an app would leave them to development (`import '@rivulet/devtools'`). */
export function DevtoolsButton(): ReactNode {
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle')

  const open = async (): Promise<void> => {
    setState('loading')
    try {
      const { mountDevtools } = await import('@rivulet/devtools/production')
      // This button is theirs.
      mountDevtools({ open: true, position: 'none' })
      setState('idle')
    } catch {
      setState('failed') // offline, or a newer version was deployed: the label says so, and a click tries again
    }
  }

  return (
    <button type="button" className="devtools" aria-busy={state === 'loading'} onClick={() => void open()}>
      {state === 'failed' ? 'Devtools could not be loaded' : 'Devtools'}
    </button>
  )
}
