// oxlint-disable-next-line typescript/triple-slash-reference -- declares `?worker-source` for every program that reads this source, not only this package's own
/// <reference path="./worker-source.d.ts" />
// oxlint-disable-next-line import/default -- with this query the module is the built worker as text (scripts/build/inline-worker.mjs)
import source from './worker.ts?worker-source'

/**
 * Starts the engine's worker from its own source text, for pages that cannot load the worker's file: another origin, a bundler that does not follow
 * `new URL`, a policy that only allows `worker-src blob:`.
 *
 * @example
 * createClient({ url, worker: inlineWorker })
 */
export function inlineWorker(): Worker {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  // The worker fetches the URL after this call; how long that takes is up to the browser.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  return new Worker(url, { type: 'module', name: 'rivulet' })
}
