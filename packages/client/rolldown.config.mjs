import { inlineWorker } from '../../scripts/build/inline-worker.mjs'
import { library } from '../../scripts/build/library.mjs'
import { workerInput } from '../../scripts/build/worker.mjs'

const folder = import.meta.dirname

export default [
  {
    ...library(folder, {
      index: 'src/index.ts',
      inline: 'src/inline.ts',
      ssr: 'src/ssr.ts',
      concurrent: 'src/concurrent.ts',
    }),
    plugins: [inlineWorker()],
  },
  {
    ...workerInput,
    cwd: folder,
    input: { worker: 'src/worker.ts' },
    output: { dir: 'dist', format: 'esm', sourcemap: true, minify: true, codeSplitting: false },
  },
]
