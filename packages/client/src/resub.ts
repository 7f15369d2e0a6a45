export { RivuletStore } from './resub/rivulet-store.ts'
export { withRivuletSubscriptions } from './resub/with-subscriptions.ts'
export { withRivuletSubscriptions as withResubAutoSubscriptions } from './resub/with-subscriptions.ts'
