/** One file of generated code. Nothing is written: whoever asked for it decides where it goes. */
export interface EmittedFile {
  /** Relative to the output folder, with `/`. */
  readonly path: string
  /** Ends with a new line. */
  readonly text: string
}
