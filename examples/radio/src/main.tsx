import { openPage } from '../../shared/page/open-page.tsx'
import { App } from './app/app.tsx'

openPage(<App />)
