import { encodeValue } from '@rivulet/wire'
import { expose, proxy } from 'comlink'
import { structNode } from '../../src/page/struct-node.ts'
import {
  type EngineControl,
  type LoginLink,
  type PageHooks,
  PROTOCOL_VERSION,
  type WorkerReady,
} from '../../src/protocol.ts'
import { createFakeEngine } from './fake-engine.ts'
import { FleetStore, makeFleet, types } from './fleet.ts'

// A real worker with a scripted engine: what a call does depends on its `id`.

const fake = createFakeEngine()
fake.load(FleetStore, makeFleet())
let hooks: PageHooks | undefined

async function login(): Promise<string> {
  const emitted: unknown[] = []
  const link: LoginLink = {
    emit: (...args) => {
      emitted.push(args)
      return Promise.resolve()
    },
    once: (event) => Promise.resolve([event]),
  }
  const auth = await hooks?.auth()
  const problem = await hooks?.authenticate(proxy(link))
  return JSON.stringify({ auth, problem, emitted })
}

const engine: EngineControl = {
  ...fake.control,
  serve: () => Promise.resolve(),
  start(_config, port, pageHooks) {
    hooks = pageHooks
    fake.attach(port)
    return Promise.resolve()
  },
  async call(_id, _rpc, args) {
    const { id } = args as { readonly id: string }
    if (id === 'hang') await new Promise(() => undefined)
    if (id === 'throw') {
      setTimeout(() => {
        throw new Error('in the worker')
      })
    }
    if (id === 'update') fake.load(FleetStore, makeFleet({ title: 'Updated' }))
    const error = id === 'login' ? await login() : null
    const { buffer } = encodeValue(types, structNode(types, 'fleet.RenameResponse'), { result: 5, error })
    return { ok: true, bytes: buffer }
  },
}

const ready: WorkerReady = { rivulet: 'ready', version: PROTOCOL_VERSION }
postMessage(ready)
expose(engine)
