import { useEvent } from '@rivulet/react'
import { useState, type ReactNode } from 'react'
import { ServerTime } from '../game/schema.ts'

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** The server's clock. Not a live region: nobody wants it read out twice a second. */
export function ServerClock(): ReactNode {
  const [time, setTime] = useState<Date | null>(null)
  useEvent(ServerTime, ({ currentTime }) => setTime(currentTime))
  return (
    <p className="clock">
      Server time {time === null ? <span>–</span> : <time dateTime={time.toISOString()}>{clock.format(time)}</time>}
    </p>
  )
}
