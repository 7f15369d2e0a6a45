import { library } from '../../scripts/build/library.mjs'

// A file per module: an app's bundler splits between files only, and half of them are not needed before data arrives.
export default library(
  import.meta.dirname,
  { index: 'src/index.ts', 'cli/main': 'src/cli/main.ts', 'vite/vite': 'src/vite/vite.ts' },
  { preserveModules: true },
)
