import { createRequests, type Requests } from './requests.ts'

/**
 * The requests of this page, for bindings that can suspend a render. Nothing runs until the first.
 *
 * @example
 * if (!store.loaded(path)) throw requests.ask(store, path)
 */
export const requests: Requests = createRequests()
