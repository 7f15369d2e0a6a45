import { library } from '../../scripts/build/library.mjs'

export default library(import.meta.dirname, {
  index: 'src/index.ts',
  recording: 'src/recording.ts',
  agent: 'src/agent.ts',
})
