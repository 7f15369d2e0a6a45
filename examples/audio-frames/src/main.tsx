import { openPage } from '../../shared/page/open-page.tsx'
import { App } from './app/app.tsx'
import { createSelf } from './studio/self.ts'

const self = createSelf()

// Asked for on every connect, so that a page that comes back has the name that it has by then.
openPage(<App self={self} />, { auth: () => ({ sender: self.id, name: self.name }) })
