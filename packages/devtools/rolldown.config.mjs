import { library } from '../../scripts/build/library.mjs'
import { extension } from './extension/build.mjs'

const folder = import.meta.dirname

/** The files beside the entries. */
const groups = [
  // On their own: the file that names what is loaded later must not be imported by what is. An app's bundler would keep those for its sake, and it for theirs.
  { name: 'h', test: /src\/panel\/h\.ts$/, priority: 3 },
  { name: 'open-panel', test: /src\/open-panel\.ts$/, priority: 2 },
  // Has entries of its own.
  { name: 'agent-parts', test: /src\/(agent\/create-agent|transport\/port-transport)\.ts$/, priority: 2 },
  // Everything that opening the panel needs is there by then, so that nothing of it has to be a file of its own for what comes later.
  { name: 'parts', test: /src\/parts\.ts$/, priority: 1 },
]

export default [
  library(
    folder,
    {
      index: 'src/index.ts',
      absent: 'src/absent.ts',
      'absent-react': 'src/absent-react.ts',
      production: 'src/production.ts',
      react: 'src/react.ts',
      tanstack: 'src/tanstack.ts',
      redux: 'src/redux.ts',
      recording: 'src/recording.ts',
      agent: 'src/agent.ts',
    },
    { codeSplitting: { groups } },
  ),
  ...extension(),
]
