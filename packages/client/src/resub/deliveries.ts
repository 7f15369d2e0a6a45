import { rethrowLater } from '../page/notify.ts'

/** What ReSub calls: with the keys that were triggered, or without when anything may have changed. */
export type KeysCallback = (keys?: string[]) => void

interface Registration {
  readonly key: string
  readonly callback: KeysCallback
  active: boolean
}

/** Who hears of which key. */
export interface Deliveries {
  /** Registers; returns the function that takes it back. The same callback may be registered any number of times. */
  add(key: string, callback: KeysCallback): () => void
  /** Tells those who listen to these keys, and those who listen to `allKey`, which learn `forAll`. `null`: everybody, without keys. */
  deliver(keys: readonly string[] | null, forAll?: readonly string[]): void
}

/**
 * The delivery of ReSub (`StoreBase._resolveCallbacks`), per store and without its queue: that one is shared by all stores of the page, and one callback that throws, or one
 * `pushTriggerBlock` that is never popped, silences them all for good.
 *
 * As there: a callback that listens to several of the keys is called once, with all of them; what is triggered while callbacks run is delivered after they have
 * run. Unlike there: a callback that throws stops nobody (its error is reported as uncaught), and one that has been unsubscribed meanwhile is not called any more.
 */
export function createDeliveries(allKey: string): Deliveries {
  const byKey = new Map<string, Set<Registration>>()
  const queue: Map<KeysCallback, Call>[] = []
  let running = false

  const gather = (keys: readonly string[] | null, forAll: readonly string[] | undefined): Map<KeysCallback, Call> => {
    const calls = new Map<KeysCallback, Call>()
    if (keys === null) {
      for (const registrations of byKey.values()) for (const one of registrations) addCall(calls, one, null)
      return calls
    }
    for (const key of keys) if (key !== allKey) for (const one of byKey.get(key) ?? []) addCall(calls, one, [key])
    for (const one of byKey.get(allKey) ?? []) addCall(calls, one, forAll ?? null)
    return calls
  }

  const run = (): void => {
    if (running) return
    running = true
    for (let calls = queue.shift(); calls !== undefined; calls = queue.shift()) {
      for (const [callback, call] of calls) {
        if (!call.registrations.some(({ active }) => active)) continue
        try {
          callback(call.keys === null ? undefined : [...call.keys])
        } catch (error) {
          rethrowLater(error)
        }
      }
    }
    running = false
  }

  return {
    add(key, callback) {
      const registration: Registration = { key, callback, active: true }
      let registrations = byKey.get(key)
      if (registrations === undefined) byKey.set(key, (registrations = new Set()))
      registrations.add(registration)
      return () => {
        registration.active = false
        registrations.delete(registration)
        if (registrations.size === 0 && byKey.get(key) === registrations) byKey.delete(key)
      }
    },
    deliver(keys, forAll) {
      queue.push(gather(keys, forAll))
      run()
    },
  }
}

interface Call {
  readonly registrations: Registration[]
  keys: Set<string> | null
}

function addCall(calls: Map<KeysCallback, Call>, registration: Registration, keys: readonly string[] | null): void {
  const known = calls.get(registration.callback)
  if (known === undefined) {
    calls.set(registration.callback, { registrations: [registration], keys: keys === null ? null : new Set(keys) })
    return
  }
  known.registrations.push(registration)
  if (keys === null) known.keys = null
  else for (const key of keys) known.keys?.add(key)
}
