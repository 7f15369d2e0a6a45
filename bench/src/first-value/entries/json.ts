import { openJson } from '../../live/open/json.ts'
import { startFirst } from '../first-page.tsx'

await startFirst(openJson)
