export { type ExternalDataSource, type StateChange, toExternalDataSource } from './page/external-source.ts'
export { rebaseAt } from './page/rebase-at.ts'
