import { type RivuletError } from '@rivulet/wire'

/** Distinct messages that the console is told; what comes after is a symptom, not news. */
const MAX_MESSAGES = 100

/** Where problems go that no promise carries: the app's `onError`, or the console, each distinct message once. */
export function createReporter(onError: ((error: RivuletError) => void) | undefined): (error: RivuletError) => void {
  if (onError !== undefined) return onError
  const seen = new Set<string>()
  return (error) => {
    if (seen.has(error.message) || seen.size >= MAX_MESSAGES) return
    seen.add(error.message)
    console.error(error)
  }
}
