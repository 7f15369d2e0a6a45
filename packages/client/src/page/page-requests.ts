import { createRequests, type Requests } from './requests.ts'

/** The requests of this page. Nothing runs until the first. */
export const requests: Requests = createRequests()
