import type { int32 } from '@rivulet/wire'

/** What is asked and what is answered: a text and a number, back and forth. */
export interface Ask {
  readonly text: string
  readonly n: int32
}

/** @restream.rpc() */
export interface Calls {
  /** Answers with the text, and one more than the number. */
  echo(text: string, n: int32): Ask
}
