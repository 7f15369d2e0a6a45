import { inlineWorker } from '../../scripts/build/inline-worker.mjs'
import { library } from '../../scripts/build/library.mjs'
import { splitWorker, workerInput } from '../../scripts/build/worker.mjs'

const folder = import.meta.dirname

export default [
  // On its own: sharing chunks with it would cut what a page loads into more pieces.
  library(folder, { parts: 'src/parts.ts' }, { codeSplitting: false }),
  {
    ...library(folder, {
      index: 'src/index.ts',
      inline: 'src/inline.ts',
      optimistic: 'src/optimistic.ts',
      ssr: 'src/ssr.ts',
      concurrent: 'src/concurrent.ts',
      inspect: 'src/inspect.ts',
    }),
    plugins: [inlineWorker()],
  },
  // On its own, because nothing may be loaded later there.
  library(folder, { 'react-native': 'src/react-native.ts' }, { codeSplitting: false }),
  // By itself: what it shares with the entry is small, and as chunks of their own would cost every app requests and a kilobyte.
  library(folder, { resub: 'src/resub.ts' }),
  {
    ...workerInput,
    cwd: folder,
    input: { worker: 'src/worker.ts' },
    output: { dir: 'dist', format: 'esm', sourcemap: true, minify: true, ...splitWorker('worker') },
  },
]
