import { runCases } from './run-cases.ts'

runCases('shared-worker')
