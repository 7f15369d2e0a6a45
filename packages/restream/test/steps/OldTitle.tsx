import { withResubAutoSubscriptions } from '@rivulet/client/resub'
import { harbour } from './HarbourStore.ts'

export const OldTitle = withResubAutoSubscriptions(function OldTitle() {
  return <h1>{harbour.getTitle()}</h1>
})
