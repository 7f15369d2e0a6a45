import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Capture, Source } from '../studio/capture.ts'

/** A capture that runs when it is told to, and ends with the component. */
export interface RunningCapture {
  readonly running: boolean
  /** Why there is no sound; empty when there is no reason. */
  readonly problem: string
  readonly start: (source: Source) => void
  readonly stop: () => void
}

/** Runs `capture` for a component; `onFrame` is the latest one given. */
export function useCapture(capture: Capture, onFrame: (pcm: Uint8Array) => void): RunningCapture {
  const [wanted, setWanted] = useState<Source | null>(null)
  const [problem, setProblem] = useState('')
  const latest = useRef(onFrame)
  useEffect(() => {
    latest.current = onFrame
  }, [onFrame])
  const failed = useEffectEvent((error: unknown) => {
    setWanted(null)
    setProblem(`No sound: ${error instanceof Error ? error.message : String(error)}`)
  })

  useEffect(() => {
    if (wanted === null) return undefined
    const starting = capture.start(wanted, (pcm) => latest.current(pcm))
    starting.catch((error: unknown) => failed(error))
    // It may still be starting when it is no longer wanted.
    return () => void starting.then((stop) => stop(), ignoreReported)
  }, [capture, wanted])

  return {
    running: wanted !== null,
    problem,
    start(source) {
      setProblem('')
      setWanted(source)
    },
    stop: () => setWanted(null),
  }
}

/** A start that failed has been reported where it failed. */
function ignoreReported(): void {
  return undefined
}
