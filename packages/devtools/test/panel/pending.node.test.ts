import { RivuletError } from '@rivulet/wire'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPending } from '../../src/panel/pending.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('pending questions', () => {
  it('get the answer with their number', async () => {
    const pending = createPending<string>()
    const ids: number[] = []
    const answers = [pending.ask((id) => ids.push(id)), pending.ask((id) => ids.push(id))]
    pending.answer(ids[1] as number, 'second')
    pending.answer(ids[0] as number, 'first')
    pending.answer(99, 'nobody asked')
    expect(await Promise.all(answers)).toEqual(['first', 'second'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('end with a timeout when no answer comes', async () => {
    const pending = createPending<string>(1000)
    const late = Promise.allSettled([pending.ask(() => undefined)])
    await vi.advanceTimersByTimeAsync(1000)
    expect(await late).toMatchObject([
      { status: 'rejected', reason: { code: 'timeout', hint: expect.stringContaining('debugger') } },
    ])
  })

  it('are all rejected at once', async () => {
    const pending = createPending<string>()
    const both = Promise.allSettled([pending.ask(() => undefined), pending.ask(() => undefined)])
    const reason = new RivuletError('disconnected', 'gone')
    pending.fail(reason)
    expect(await both).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('are rejected when they cannot even be sent', async () => {
    const pending = createPending<string>()
    const failing = pending.ask(() => {
      throw new Error('cannot be cloned')
    })
    await expect(failing).rejects.toThrow('cannot be cloned')
    expect(vi.getTimerCount()).toBe(0)
  })
})
