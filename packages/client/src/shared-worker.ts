/**
 * Starts the engine's worker for all tabs that give the same name, or connects to it.
 *
 * One literal expression: bundlers find the worker by this very syntax. It lies next to `worker.ts`, as its chunk in `dist` lies next to `dist/worker.js`.
 */
export function sharedWorker(name: string): SharedWorker {
  return new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name })
}
