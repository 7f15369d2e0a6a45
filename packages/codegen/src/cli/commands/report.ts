import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { formatDiagnostic } from '../../diagnostics/format-diagnostic.ts'
import { type Io, paint } from '../io.ts'

/** Prints diagnostics for people. */
export function printDiagnostics(io: Io, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    const color = diagnostic.severity === 'error' ? 'red' : 'yellow'
    const word = ` ${diagnostic.severity} `
    io.err(formatDiagnostic(diagnostic).replace(word, () => ` ${paint(io, color, diagnostic.severity)} `))
  }
}

/** `1 file`, `2 files`. */
export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
