import { applyMessage, decodeState, decodeValue, encodeValue } from '@rivulet/wire'
import { io } from 'socket.io-client'
import type { CallEnd, Follower } from './follower.ts'
import { Credit, type LedgerStoreState, LedgerStore } from '../generated/schema.ts'
import { tornPlaces } from './torn-places.ts'

interface Answer {
  readonly callID: number
  readonly response: Buffer
  readonly error: { readonly message: string } | null
}

/** Follows the whole ledger with the stock `socket.io-client` in session mode (session.md §7). */
export function followWithSession(port: number): Follower {
  const socket = io(`http://127.0.0.1:${port}`, {
    path: '/socket',
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 20,
    reconnectionDelayMax: 500,
    timeout: 5000,
  })
  const torn: string[] = []
  const errors: string[] = []
  const attaches: ('created' | 'resumed' | 'refused')[] = []
  const calls = new Map<number, (end: CallEnd) => void>()
  /** Sent at once, they would be ignored: nothing is heard before the attach is done. */
  const waiting = new Map<number, object>()
  let sessionID = ''
  let attached = false
  let closed = false
  let lastID = 0
  let changes = 0
  let state: LedgerStoreState | null = null

  const attach = (): void => {
    socket.emit('viewersessionattach', {
      sessionID,
      storeSubscriptions: [{ storeName: LedgerStore.name, key: '' }],
      keyedEventSubscriptions: [],
      dataStreamSubscriptions: [],
    })
  }

  socket.on('connect', attach)
  socket.on('disconnect', (reason) => {
    attached = false
    // The stock client does not come back from this one by itself (pitfall 53).
    if (reason === 'io server disconnect' && !closed) setTimeout(() => socket.connect(), 20)
  })
  socket.on(
    'viewersessionattached',
    (answer: { readonly sessionID: string; readonly resumed: boolean; readonly error?: string }) => {
      if (answer.sessionID === '') {
        attaches.push('refused')
        errors.push(answer.error ?? 'refused')
        if (sessionID === '') return
        sessionID = ''
        // The session took what it owed with it.
        for (const end of calls.values()) end({ failed: 'disconnected' })
        attach()
        return
      }
      attaches.push(answer.resumed ? 'resumed' : 'created')
      if (!answer.resumed) state = null
      sessionID = answer.sessionID
      attached = true
      for (const message of waiting.values()) socket.emit('rpccall', message)
      waiting.clear()
    },
  )
  socket.on('storeupdate', ({ kind, state: full, partial }: { kind: number; state: Buffer; partial: Buffer }) => {
    if (kind === 0) state = decodeState(LedgerStore, full)
    else if (state === null) errors.push('a delta without a base')
    else state = applyMessage(LedgerStore, state, partial)
    changes++
    if (state !== null) torn.push(...tornPlaces(state))
  })
  socket.on('rpccallresp', ({ callID, response, error }: Answer) => {
    if (error !== null) calls.get(callID)?.({ failed: 'rpc' })
    else {
      const { result } = decodeValue(Credit.types, { kind: 'struct', ref: Credit.response }, response) as {
        result: number
      }
      calls.get(callID)?.({ ran: result })
    }
  })

  return {
    name: 'stock client, session',
    view: () => state,
    live: () => attached && state !== null,
    torn,
    errors,
    attaches,
    get changes() {
      return changes
    },
    get pending() {
      return calls.size
    },
    credit: (id, timeoutMs) =>
      new Promise((resolve) => {
        const callID = ++lastID
        const end = (how: CallEnd): void => {
          clearTimeout(timer)
          calls.delete(callID)
          waiting.delete(callID)
          resolve(how)
        }
        const timer = setTimeout(() => end({ failed: 'timeout' }), timeoutMs)
        calls.set(callID, end)
        const request = encodeValue(Credit.types, { kind: 'struct', ref: Credit.request }, { id })
        const message = { callID, methodName: Credit.name, request }
        if (attached) socket.emit('rpccall', message)
        else waiting.set(callID, message)
      }),
    async close() {
      closed = true
      for (const end of calls.values()) end({ failed: 'disposed' })
      // Without this the host would keep the session for another minute.
      if (attached) {
        const over = new Promise((resolve) => {
          socket.once('disconnect', resolve)
          // A connection that is dead says nothing.
          setTimeout(resolve, 2000).unref()
        })
        socket.emit('viewersessionclose', { sessionID })
        await over
      }
      socket.disconnect()
    },
  }
}
