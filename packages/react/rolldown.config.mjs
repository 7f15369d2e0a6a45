import { library } from '../../scripts/build/library.mjs'

export default library(import.meta.dirname, {
  index: 'src/index.ts',
  server: 'src/server.ts',
  concurrent: 'src/concurrent.ts',
  'hydration-boundary': 'src/hydration-boundary.tsx',
})
