import { openColyseus } from '../../live/open/colyseus.ts'
import { startFirst } from '../first-page.tsx'

await startFirst(openColyseus)
