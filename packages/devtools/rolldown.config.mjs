import { library } from '../../scripts/build/library.mjs'

export default library(import.meta.dirname, { index: 'src/index.ts', agent: 'src/agent.ts' })
