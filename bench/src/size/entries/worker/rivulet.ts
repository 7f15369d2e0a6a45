export * from '../../../../../packages/client/src/worker.ts'
