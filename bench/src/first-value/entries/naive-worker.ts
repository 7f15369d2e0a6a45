import { openNaiveWorker } from '../../live/open/naive-worker.ts'
import { startFirst } from '../first-page.tsx'

await startFirst(openNaiveWorker)
