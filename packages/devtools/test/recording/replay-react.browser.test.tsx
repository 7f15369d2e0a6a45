import { RivuletProvider, useConnection, useStore } from '@rivulet/react'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { StrictMode, type ReactNode, useState } from 'react'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { FleetStore, makeBoat, makeFleet } from '../../../client/test/support/fleet.ts'
import { encodeRecording, readRecording, type Replay, replayRecording, takeRecording } from '../../src/recording.ts'
import { buildRing } from '../support/ring-builder.ts'

let errors: ReturnType<typeof vi.spyOn>

beforeEach(() => {
  // What React has to say about updates outside of act.
  errors = vi.spyOn(console, 'error')
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
})

afterEach(() => {
  cleanup()
  const said = errors.mock.calls.map((args: readonly unknown[]) => String(args[0]))
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  if (said.length > 0) throw new Error(`React complained: ${said.join('; ')}`)
})

function recorded(): Replay {
  const ring = buildRing()
  ring.full(FleetStore, makeFleet())
  ring.partial(FleetStore, { boats: { mods: new Map([['a', { name: { set: 'Ada II' } }]]) } })
  ring.partial(FleetStore, { boats: { sets: new Map([['c', makeBoat('Cy')]]) } })
  const recording = takeRecording(ring.ring(), { stores: [FleetStore] })
  const replay = replayRecording(readRecording(encodeRecording(recording)), { act })
  onTestFinished(() => replay.dispose())
  return replay
}

function Boat({ id }: { readonly id: string }): ReactNode {
  return <li>{useStore(FleetStore, ['boats', id, 'name'])}</li>
}

/** An app's page: a list, and a detail that subscribes once somebody opens it. */
function Harbour(): ReactNode {
  const [id, setId] = useState<string>()
  const boats = useStore(FleetStore, 'boats')
  return (
    <>
      <p>{useConnection().state}</p>
      {[...(boats?.keys() ?? [])].map((key) => (
        <button key={key} onClick={() => setId(key)}>{`open ${key}`}</button>
      ))}
      {id === undefined ? null : <Boat id={id} />}
    </>
  )
}

async function mount(replay: Replay): Promise<void> {
  render(
    <StrictMode>
      <RivuletProvider client={replay.client}>
        <Harbour />
      </RivuletProvider>
    </StrictMode>,
  )
  await replay.settled()
}

test.each(['real', 'fake'] as const)(
  "an app's own components live through a recording, with %s timers",
  async (timers) => {
    if (timers === 'fake') vi.useFakeTimers()
    const replay = recorded()
    await mount(replay)
    expect(screen.getByText('connected')).toBeDefined()
    expect(screen.queryByText('open a')).toBeNull()
    await replay.step()
    fireEvent.click(screen.getByText('open a'))
    await replay.settled()
    expect(screen.getByText('Ada')).toBeDefined()
    await replay.step()
    expect(screen.getByText('Ada II')).toBeDefined()
    expect(screen.queryByText('open c')).toBeNull()
    await replay.end()
    expect(screen.getByText('open c')).toBeDefined()
    await replay.to(1)
    expect(screen.getByText('Ada')).toBeDefined()
    expect(screen.queryByText('open c')).toBeNull()
  },
)
