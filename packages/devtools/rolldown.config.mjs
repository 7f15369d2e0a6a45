import { library } from '../../scripts/build/library.mjs'
import { extension } from './extension/build.mjs'

const folder = import.meta.dirname

export default [
  library(folder, {
    index: 'src/index.ts',
    absent: 'src/absent.ts',
    'absent-react': 'src/absent-react.ts',
    production: 'src/production.ts',
    react: 'src/react.ts',
    tanstack: 'src/tanstack.ts',
    redux: 'src/redux.ts',
    recording: 'src/recording.ts',
    agent: 'src/agent.ts',
  }),
  ...extension(),
]
