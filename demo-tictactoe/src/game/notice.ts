import { isRivuletError } from '@rivulet/client'

const KNOWN: Readonly<Record<string, string>> = {
  'cell already occupied': 'That cell is taken. Pick a free one.',
  'cell outside the board': 'That cell is not on the board.',
}

/** What to tell a player about a move that failed. */
export function noticeOf(error: unknown): string {
  if (!isRivuletError(error)) return 'Something went wrong on this page. Try again, or reload it.'
  switch (error.code) {
    case 'rpc':
      return KNOWN[error.what] ?? error.what
    case 'timeout':
    case 'disconnected':
      return 'The server did not answer. The move may not have counted: look at the board, then try again.'
    case 'denied':
    case 'unauthenticated':
      return 'This server does not let you play.'
    default:
      return error.message
  }
}
