import { useRpc } from '@rivulet/react'
import { useState } from 'react'
import { noticeOf } from '../game/notice.ts'
import type { Cell } from '../game/outcome.ts'
import { PlaceToken } from '../game/schema.ts'

/** Something to tell the player. */
export interface Notice {
  readonly text: string
  /** Differs from notice to notice, so that the same text is read out again. */
  readonly id: number
}

/** A short answer is expected; nobody waits half a minute for a token. */
const TIMEOUT_MS = 5000

/** A function that places the next token, and what became of the last move. */
export function usePlace(): { readonly place: (cell: Cell) => Promise<void>; readonly notice: Notice } {
  const call = useRpc(PlaceToken)
  const [notice, setNotice] = useState<Notice>({ text: '', id: 0 })
  const say = (text: string): void => setNotice((before) => ({ text, id: before.id + 1 }))
  const place = async ({ x, y }: Cell): Promise<void> => {
    try {
      await call({ x, y }, { timeoutMs: TIMEOUT_MS })
      say('')
    } catch (error) {
      say(noticeOf(error))
    }
  }
  return { place, notice }
}
