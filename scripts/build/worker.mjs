/**
 * Rolldown settings of a worker: one self-contained file, because import maps and `node_modules` do not reach workers.
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
