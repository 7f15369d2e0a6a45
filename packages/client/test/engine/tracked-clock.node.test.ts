import { expect, test } from 'vitest'
import { createTrackedClock } from '../../src/engine/tracked-clock.ts'
import { fakeClock } from '../support/fake-clock.ts'

test('a timer does its work, and then what comes after any work', () => {
  const system = fakeClock()
  const log: string[] = []
  const clock = createTrackedClock(system, () => log.push('after'))
  clock.after(10, () => log.push('work'))
  system.advance(9)
  expect(log).toEqual([])
  system.advance(1)
  expect(log).toEqual(['work', 'after'])
  expect([clock.now(), clock.random()]).toEqual([system.now(), system.random()])
})

test('a timer that is cancelled does nothing', () => {
  const system = fakeClock()
  const log: string[] = []
  const clock = createTrackedClock(system, () => log.push('after'))
  const cancel = clock.after(10, () => log.push('work'))
  cancel()
  cancel()
  system.advance(20)
  expect([log, system.pending]).toEqual([[], 0])
})

test('stop() ends all timers, also those that others have set, and no more of its own are left', () => {
  const system = fakeClock()
  const log: string[] = []
  const clock = createTrackedClock(system, () => log.push('after'))
  clock.after(10, () => {
    log.push('first')
    clock.after(10, () => log.push('second'))
  })
  clock.after(30, () => log.push('third'))
  system.after(50, () => log.push('not its own'))
  system.advance(10)
  clock.stop()
  expect(system.pending).toBe(1)
  system.advance(100)
  expect(log).toEqual(['first', 'after', 'not its own'])
})
