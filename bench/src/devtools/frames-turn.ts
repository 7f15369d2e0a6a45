import { setTimeout as delay } from 'node:timers/promises'
import { countMainThread, mainThreadMs } from '../page/main-thread.ts'
import type { OpenPage } from '../harness/with-page.ts'
import type { Frames } from './frames.ts'
import type { Received } from './received.ts'
import type { StartHost } from './stream-hosts.ts'
import { ROWS, type Sent } from './stream.ts'

/** A page with more or less of the devtools. */
export interface Contestant {
  readonly name: string
  readonly devtools: boolean
  /** The view that is open. */
  readonly view?: string
}

/** Everybody, the page without devtools first. */
export const contestants: readonly Contestant[] = [
  { name: 'without devtools', devtools: false },
  { name: 'devtools, closed: the ring and the button', devtools: true },
  { name: 'panel open: Stores', devtools: true, view: 'stores' },
  { name: 'panel open: Wire', devtools: true, view: 'wire' },
  { name: 'panel open: Renders', devtools: true, view: 'renders' },
  { name: 'panel open: RPC & events', devtools: true, view: 'calls' },
  { name: 'panel open: Session', devtools: true, view: 'session' },
  { name: 'panel open: Time travel', devtools: true, view: 'time' },
]

/** How long to look. */
export interface Effort {
  readonly rounds: number
  /** Before anything is counted. */
  readonly warmMs: number
  readonly openingMs: number
  readonly openMs: number
}

/** One contestant's turn. */
export interface Turn {
  readonly opening: Frames
  readonly open: Frames
  /** Of the page's thread meanwhile, processor time: what other processes take is not in it. Milliseconds. */
  readonly busy: { readonly opening: number; readonly open: number }
  /** While `open` was counted, `over` so many milliseconds. */
  readonly sent: Pick<Sent, 'messages' | 'merged'> & { readonly over: number }
  /** At the end of it. */
  readonly received: Received | undefined
}

/** Opens the page, starts the stream, opens the panel and counts frames, first while it opens and then while it is open. */
export async function takeTurn(
  { page, call }: OpenPage,
  one: Contestant,
  effort: Effort,
  startHost: StartHost,
): Promise<Turn> {
  const host = await startHost(call)
  try {
    await call('startApp', { url: host.url, devtools: one.devtools })
    // On a busy machine even loading takes its time.
    await page.waitFor((rows) => document.querySelectorAll('li:not(:empty)').length === rows, ROWS, 120_000)
    await host.start()
    await delay(effort.warmMs)
    const { session } = page
    await countMainThread(session)
    const began = await mainThreadMs(session)
    const opening =
      one.view === undefined
        ? await call<Frames>('countFrames', effort.openingMs)
        : await call<Frames>('countOpening', { view: one.view, ms: effort.openingMs })
    const opened = await mainThreadMs(session)
    const before = await host.sent()
    const shown = await call<Shown>('shown')
    const still = await mainThreadMs(session)
    const open = await call<Frames>('countFrames', effort.openMs)
    const ended = await mainThreadMs(session)
    const after = await host.sent()
    const got = one.devtools ? await call<Received>('received') : undefined
    const later = await call<Shown>('shown')
    await host.stop()
    await call('stop')
    for (const what of ['renders', 'changes', 'events', 'answers'] as const)
      if (!(later[what] > shown[what]))
        throw new Error(`${one.name}: the page has seen no ${what} while it was measured`)
    return {
      opening,
      open,
      busy: { opening: opened - began, open: ended - still },
      sent: {
        messages: after.messages - before.messages,
        merged: after.merged - before.merged,
        over: after.at - before.at,
      },
      received: got,
    }
  } finally {
    await host.close()
  }
}

interface Shown {
  readonly renders: number
  readonly changes: number
  readonly events: number
  readonly answers: number
}
