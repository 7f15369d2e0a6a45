/**
 * Starts the engine's module worker.
 *
 * One literal expression: bundlers find the worker by this very syntax. It lies next to `worker.ts`, as `dist/index.js` lies next to `dist/worker.js`.
 */
export function defaultWorker(): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'rivulet' })
}
