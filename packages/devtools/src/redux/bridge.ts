import type { Path, StoreDef } from '@rivulet/wire'
import type { Probe, ProbeObserver } from '@rivulet/client/inspect'
import type { ReduxConnection, ReduxExtension, ReduxMessage } from './extension.ts'
import { createKnownStates, TOO_LARGE, writesOf } from './known-state.ts'

/** Stores by name, each in its JSON form. */
type PlainStates = Readonly<Record<string, unknown>>

/** What changed in a store since the last frame. */
interface Dirty {
  readonly path: Path
  more: number
}

const isStates = (value: unknown): value is PlainStates =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `board[1].name`, for people. */
function pathText(path: Path): string {
  return path.map((part, i) => (typeof part === 'string' ? `${i === 0 ? '' : '.'}${part}` : `[${part}]`)).join('')
}

/** Shows one client in the extension, until the returned function is called. */
export function bridge(extension: ReduxExtension, probe: Probe, name: string, maxValues: number): () => void {
  let watched = false
  let paused = false
  let jumped = false
  let frame = 0
  let sent: PlainStates = {}
  const dirty = new Map<string, Dirty>()
  const known = createKnownStates(probe, maxValues)

  const line: ReduxConnection = extension.connect({
    name,
    instanceId: `rivulet-${probe.id}`,
    features: { pause: true, export: true, import: 'custom', jump: true },
  })

  const states = (): PlainStates =>
    Object.fromEntries(probe.client.stores.map((store) => [store.def.name, known(store)]))

  const init = (): void => line.init((sent = states()))

  const flush = (): void => {
    frame = 0
    if (dirty.size === 0) return
    sent = states()
    for (const [store, { path, more }] of dirty) {
      // Who listens to the whole store hears that something in it changed, not what.
      const kind = path.length === 0 ? 'update' : `partial ${pathText(path)}`
      line.send({ type: `${store}/${kind}${more === 0 ? '' : ` +${more}`}` }, sent)
    }
    dirty.clear()
  }

  const observer: ProbeObserver = {
    patch({ changes }) {
      if (paused || jumped) return
      for (const { store, path } of changes) {
        const first = dirty.get(store)
        if (first === undefined) dirty.set(store, { path, more: 0 })
        else first.more++
      }
      // At most one action per store and frame, however fast the host is.
      frame ||= requestAnimationFrame(flush)
    },
    settled() {},
    ran() {},
  }

  const show = (store: StoreDef, plain: unknown): void => {
    const here = JSON.stringify(plain) === JSON.stringify(sent[store.name])
    probe.show(store.name, here ? [] : writesOf(store, plain))
    jumped ||= !here
  }
  const back = (): void => {
    jumped = false
    for (const { def } of probe.client.stores) probe.show(def.name, [])
  }
  const jump = (to: PlainStates): void => {
    jumped = false
    for (const { def } of probe.client.stores) {
      const plain = to[def.name]
      if (plain !== undefined && plain !== TOO_LARGE) show(def, plain)
    }
  }
  const parsed = (message: ReduxMessage): PlainStates => {
    const state: unknown = JSON.parse(message.state ?? '{}')
    return isStates(state) ? state : {}
  }

  const dispatched = (message: ReduxMessage): void => {
    const { payload } = message
    switch (payload?.type) {
      case 'JUMP_TO_STATE':
      case 'JUMP_TO_ACTION':
        jump(parsed(message))
        return
      case 'ROLLBACK': {
        const to = parsed(message)
        jump(to)
        line.init(to)
        return
      }
      case 'COMMIT':
        init()
        return
      case 'RESET':
        back()
        init()
        return
      case 'PAUSE_RECORDING':
        paused = payload.status === true
        return
      case 'IMPORT_STATE': {
        const { nextLiftedState: history } = payload
        if (history === undefined) return
        const { computedStates, currentStateIndex = computedStates.length - 1 } = history
        const to = computedStates[currentStateIndex]?.state
        if (isStates(to)) jump(to)
        line.send(null, history)
        return
      }
      default:
        // Its other buttons reorder or repeat actions, which a state that a server owns does not have; `features` leaves them out.
        return
    }
  }

  let unobserve: (() => void) | undefined
  const watch = (): void => {
    watched = true
    unobserve ??= probe.observe(observer)
    init()
  }
  const unwatch = (): void => {
    watched = false
    cancelAnimationFrame(frame)
    frame = 0
    dirty.clear()
    unobserve?.()
    unobserve = undefined
  }

  const unsubscribe = line.subscribe((message) => {
    if (message.type === 'START') watch()
    else if (message.type === 'STOP') unwatch()
    else if (message.type === 'DISPATCH' && watched) {
      try {
        dispatched(message)
      } catch (error) {
        // An imported state of another schema, or text that is none: the person who imported it is told where they look.
        line.error(error instanceof Error ? error.message : String(error))
      }
    }
  })
  // So that its menu has the client. Its values are read when somebody looks.
  line.init({})

  return () => {
    unwatch()
    unsubscribe?.()
    line.unsubscribe()
    if (jumped) back()
  }
}
