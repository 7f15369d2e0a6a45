import { inlineWorker } from '../../scripts/build/inline-worker.mjs'
import { library } from '../../scripts/build/library.mjs'
import { workerInput } from '../../scripts/build/worker.mjs'

const folder = import.meta.dirname

export default [
  // On its own: sharing chunks with it would cut what a page loads into more pieces.
  library(folder, { parts: 'src/parts.ts' }, { codeSplitting: false }),
  { ...library(folder, { index: 'src/index.ts', inline: 'src/inline.ts' }), plugins: [inlineWorker()] },
  {
    ...workerInput,
    cwd: folder,
    input: { worker: 'src/worker.ts' },
    output: { dir: 'dist', format: 'esm', sourcemap: true, minify: true, codeSplitting: false },
  },
]
