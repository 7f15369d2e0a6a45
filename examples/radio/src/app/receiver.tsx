import { useEffect, useRef, useState, type ReactNode } from 'react'
import { LevelMeter } from '../../../shared/page/level-meter.tsx'
import { Stats } from '../../../shared/page/stats.tsx'
import { useSampled } from '../../../shared/page/use-sampled.ts'
import { FRAME_MS } from '../../../shared/audio/pcm.ts'
import type { Reception } from '../radio/reception.ts'
import type { Channel, Speaker } from '../radio/speaker.ts'
import { useReception } from './use-reception.ts'

const whole = new Intl.NumberFormat('en')
const START_VOLUME = 0.7

/** Props of {@link Receiver}. */
export interface ReceiverProps {
  readonly station: string
  readonly name: string
  readonly speaker: Speaker
}

/** Plays a station while it is there. A frame goes from the event to the audio thread; React has no part in it. */
export function Receiver({ station, name, speaker }: ReceiverProps): ReactNode {
  const channel = useRef<Channel>(null)
  const [volume, setVolume] = useState(START_VOLUME)
  useEffect(() => {
    const opened = speaker.open()
    channel.current = opened
    return () => {
      channel.current = null
      opened.close()
    }
  }, [speaker])
  useEffect(() => channel.current?.setVolume(volume), [volume])
  const reception = useReception(station, ({ seq, pcm }) => channel.current?.play(seq, pcm))

  return (
    <>
      <LevelMeter read={() => reception.level(performance.now())} />
      <label className="volume">
        Volume of {name}
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={volume}
          onChange={({ target }) => setVolume(target.valueAsNumber)}
        />
      </label>
      <Figures reception={reception} playout={() => channel.current?.playout} />
    </>
  )
}

function Figures({
  reception,
  playout,
}: {
  readonly reception: Reception
  readonly playout: () => Channel['playout'] | undefined
}): ReactNode {
  const { report, played } = useSampled(() => ({ report: reception.report(performance.now()), played: playout() }))
  return (
    <Stats
      figures={{
        'frames/s': whole.format(report.perSecond),
        frames: whole.format(report.frames),
        gaps: `${whole.format(report.gaps)} (${whole.format(report.lost)} lost)`,
        received: `${whole.format(Math.round(report.bytes / 1024))} KiB`,
        buffered: `${(played?.waiting ?? 0) * FRAME_MS} ms`,
        played: whole.format(played?.played ?? 0),
        underruns: whole.format(played?.underruns ?? 0),
      }}
    />
  )
}
