// The chunk of a page that talks to an engine; loaded by load-live.ts.
export { createLive } from '../page/create-live.ts'
export { createStart } from './create-start.ts'
