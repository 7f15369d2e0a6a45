import { runCases } from './run-cases.ts'

runCases('blob-worker')
