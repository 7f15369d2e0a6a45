import type { Format, Subject } from './formats.ts'

/** The rows the page looks at. */
export const watched: readonly string[] = Array.from({ length: 10 }, (_, i) => `e${i * 7}`)

/** What the page shows: x of each watched row, `null` while a row is not there. */
export type Shown = readonly (number | null)[]

/** Takes the x of a watched row. */
export type Show = (row: number, x: number) => void

/** One way to bring the stream to the page. */
export interface Viewer {
  readonly name: string
  readonly packageName: string | null
  readonly ours: boolean
  readonly note: string
  /** The format it reads; `null` for the floors, which read nothing. */
  readonly format: Format | null
  /**
   * Connects to the host at `url`, follows the watched rows of `subject`, and calls `show` whenever one of them changes. What is measured is getting a value
   * to the code that wants it.
   */
  readonly start: (url: string, subject: Subject, show: Show) => Promise<void> | void
}
