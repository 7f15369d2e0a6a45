import { useClient } from '@rivulet/react'
import { useEffect, useState, type ReactNode } from 'react'
import { FRAME_SAMPLES, toPcm } from '../../../shared/audio/pcm.ts'
import { Stats } from '../../../shared/page/stats.tsx'
import { useSampled } from '../../../shared/page/use-sampled.ts'
import { type Capture, createCapture, type Source } from '../studio/capture.ts'
import type { Self } from '../studio/self.ts'
import { createUplink, type Uplink } from '../studio/uplink.ts'
import { NameField } from './name-field.tsx'
import { useCapture } from './use-capture.ts'

/** Ten seconds of sound at once. */
const BURST_FRAMES = 500
const SILENCE = toPcm(new Float32Array(FRAME_SAMPLES))
const whole = new Intl.NumberFormat('en')

/** What this page sends. */
export function Desk({ self, capture: given }: { readonly self: Self; readonly capture?: Capture }): ReactNode {
  const client = useClient()
  const [uplink] = useState(() => createUplink(client, self.id))
  const [capture] = useState(() => given ?? createCapture())
  const [source, setSource] = useState<Source>('tone')
  useEffect(() => uplink.open(), [uplink])
  const { running, problem, start, stop } = useCapture(capture, (pcm) => uplink.push(pcm))

  const burst = (): void => {
    for (let i = 0; i < BURST_FRAMES; i++) uplink.push(SILENCE)
  }

  return (
    <section className="card desk" aria-label="This page">
      <NameField self={self} />
      <fieldset disabled={running}>
        <legend>Source</legend>
        {(['tone', 'microphone'] as const).map((each) => (
          <label key={each}>
            <input type="radio" name="source" value={each} checked={source === each} onChange={() => setSource(each)} />
            {each === 'tone' ? 'Tone' : 'Microphone'}
          </label>
        ))}
      </fieldset>
      <p className="buttons">
        {running ? (
          <button type="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <button type="button" className="primary" onClick={() => start(source)}>
            Start
          </button>
        )}
        <button type="button" onClick={burst}>
          Burst of {BURST_FRAMES}
        </button>
      </p>
      <p className="notice" role="alert">
        {problem}
      </p>
      <Figures uplink={uplink} />
    </section>
  )
}

function Figures({ uplink }: { readonly uplink: Uplink }): ReactNode {
  const { captured, sent, dropped, inFlight, waiting } = useSampled(() => uplink.tally, 200)
  return (
    <Stats
      figures={{
        captured: whole.format(captured),
        sent: whole.format(sent),
        'in flight': whole.format(inFlight),
        waiting: whole.format(waiting),
        'dropped here': whole.format(dropped),
      }}
    />
  )
}
