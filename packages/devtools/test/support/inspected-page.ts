import { createFakeProbe } from './fake-probe.ts'

/*
 * Runs in the pages that the extension's tests look into, as a script of the page: an app with one client, named after where it is.
 */

const add = (url: string): void => createFakeProbe(url).register()

// Of the page itself, not of its frames.
if (window === top && location.protocol === 'http:') add(`https://client-of${location.pathname.replaceAll('/', '-')}`)

Object.assign(globalThis, { addClient: add })
