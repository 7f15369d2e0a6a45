/**
 * Rolldown settings of a worker: with everything in it, because import maps and `node_modules` do not reach workers.
 *
 * @type {import('rolldown').InputOptions}
 */
export const workerInput = {
  platform: 'browser',
  tsconfig: 'tsconfig.json',
  resolve: { conditionNames: ['rivulet-source', 'browser', 'import', 'module', 'default'] },
  // Nobody bundles a worker again, so nobody else will decide.
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
}

/**
 * Output settings of a worker that loads parts of itself later, from `folder` beside it. What a part needs of the rest is in a chunk that both import: no part imports the worker's file, because a server that adds
 * a query to its address (Vite's does) would make that a second worker in the first.
 *
 * @param {string} folder
 * @returns {import('rolldown').OutputOptions}
 */
export function splitWorker(folder) {
  return {
    chunkFileNames: `${folder}/[name]-[hash].js`,
    codeSplitting: { groups: [{ name: 'common', minShareCount: 2 }] },
  }
}
