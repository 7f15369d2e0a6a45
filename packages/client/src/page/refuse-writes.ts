import { RivuletError } from '@rivulet/wire'

/** What every write through an image runs into. */
export function refuse(): never {
  throw new RivuletError('handler', 'a selector must not change the state', {
    hint: 'State changes on the host; copy what you want to change.',
  })
}

/** The traps of a read-only proxy. */
export const refusals: ProxyHandler<object> = {
  set: refuse,
  deleteProperty: refuse,
  defineProperty: refuse,
  setPrototypeOf: refuse,
  preventExtensions: refuse,
}
