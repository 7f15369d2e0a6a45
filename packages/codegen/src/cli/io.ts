import { styleText } from 'node:util'

/** What a command talks to. */
export interface Io {
  /** The folder it was started in. */
  readonly cwd: string
  /** A line of what was asked for. */
  readonly out: (line: string) => void
  /** A line about how it went. */
  readonly err: (line: string) => void
  /** Whether lines may have colours. */
  readonly colors: boolean
  /** Everything on the standard input. */
  readonly input: () => Promise<string>
  /** Aborted when the program is told to end. */
  readonly signal: AbortSignal
}

/** What a program exits with: 0 all is well, 1 something was found in the sources or the bytes, 2 it was called or configured wrongly. */
export type ExitCode = 0 | 1 | 2

/** `text` in a colour, where colours may be. */
export function paint(io: Io, style: Parameters<typeof styleText>[0], text: string): string {
  return io.colors ? styleText(style, text, { validateStream: false }) : text
}
