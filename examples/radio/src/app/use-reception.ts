import { useEvent } from '@rivulet/react'
import { useState } from 'react'
import { type StationFrameEvent, StationFrame } from '../radio/schema.ts'
import { createReception, type Reception } from '../radio/reception.ts'

/**
 * Listens to a station while the component is there; `heard` gets every frame too. Any number of components may do so: on the wire it is one subscription.
 * The component does not render when a frame comes.
 */
export function useReception(station: string, heard?: (packet: StationFrameEvent) => void): Reception {
  const [reception] = useState(createReception)
  useEvent(StationFrame, station, (packet) => {
    reception.take(packet, performance.now())
    heard?.(packet)
  })
  return reception
}
