import { withoutWebTransport } from './without-web-transport.mjs'

/**
 * Rolldown settings of a worker: with everything in it, because import maps and `node_modules` do not reach workers.
 *
 * @type {import('rolldown').InputOptions}
 */
export const workerInput = {
  platform: 'browser',
  plugins: [withoutWebTransport()],
  tsconfig: 'tsconfig.json',
  resolve: { conditionNames: ['rivulet-source', 'browser', 'import', 'module', 'default'] },
  // Nobody bundles a worker again, so nobody else will decide.
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
}

/**
 * Output settings of a worker that loads parts of itself later, from `folder` beside it. All that it starts with is one chunk, and the worker's file only starts that: no part imports the worker's file, because a
 * server that adds a query to its address (Vite's does) would make that a second worker in the first.
 *
 * @param {string} folder
 * @returns {import('rolldown').OutputOptions}
 */
export function splitWorker(folder) {
  const isEntry = (id, chunks) => chunks.getModuleInfo(id)?.isEntry === true
  const entryImports = (id, chunks) => chunks.getModuleInfo(id).importers.some((one) => isEntry(one, chunks))
  return {
    chunkFileNames: `${folder}/[name]-[hash].js`,
    codeSplitting: {
      groups: [
        // With all that these import in turn.
        { name: (id, chunks) => (entryImports(id, chunks) ? 'start' : null), debugName: 'start', priority: 1 },
        { name: 'shared', minShareCount: 2 },
      ],
    },
  }
}
