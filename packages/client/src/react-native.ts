// The `react-native` condition: the values that index.ts exports, in one piece and on one thread: no worker, no `import.meta`, nothing that is loaded later. Its types are those of index.ts. It cannot
// import that file: bundlers there load whatever is imported, used or not.
import { RivuletError } from '@rivulet/wire'
import { loadHere } from './bridge/load-here.ts'
import { createClientWith } from './page/create-client.ts'
import type { Client, ClientOptions } from './page/types.ts'

export { askInitial } from './page/ask-initial.ts'
export { createKeys } from './page/create-keys.ts'
export { createSelection } from './page/create-selection.ts'
export { forgetOffline } from './page/forget-offline.ts'
export { keepOffline } from './page/keep-offline.ts'
export { requests } from './page/page-requests.ts'
export { preload } from './page/preload.ts'
export { asOrigin } from './page/as-origin.ts'
export { observationOf } from './page/observation.ts'
export { select } from './page/select.ts'
export { shallowEqual } from './page/shallow-equal.ts'
export { storeDiff } from './page/store-diff.ts'
export { storeKeys, storeSize } from './page/store-keys.ts'
export { zeroAt } from './page/zero-at.ts'
export { isRivuletError } from '@rivulet/wire'
export { RivuletError }

/**
 * Makes a client of one host, whose engine runs on this thread. It connects with the first subscription or call; with `autoConnect: false` only after `connect()`. The option `worker` can only be `'auto'` or
 * `'inline'`, which mean the same here.
 *
 * Throws `RivuletError` `config` for an option that cannot work; never for the network, whose state is `client.connection`.
 *
 * @example
 * const client = createClient({ url: 'https://example.com' })
 */
export function createClient(options: ClientOptions): Client {
  if (typeof options.worker === 'function') throw noWorkers()
  return createClientWith(options, loadHere)
}

function noWorkers(): RivuletError {
  return new RivuletError('config', 'there are no workers here', { hint: 'Leave the option worker out.' })
}
