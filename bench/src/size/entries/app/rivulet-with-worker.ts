export * from '../worker/rivulet.ts'

export * from './rivulet.ts'
