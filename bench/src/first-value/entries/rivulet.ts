import { openRivulet } from '../../live/open/rivulet.tsx'
import { startFirst } from '../first-page.tsx'

await startFirst(openRivulet)
