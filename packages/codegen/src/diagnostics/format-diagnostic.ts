import type { Diagnostic } from './diagnostic.ts'

/**
 * A diagnostic as one line for a terminal, in the form that editors recognise, and its hint below it.
 *
 * @example
 * formatDiagnostic(d)
 * // glass/bed.go:12:2: error missing-id: Bed.Depth has no field id
 * //   Run the reference generator, or this one with --assign-ids.
 */
export function formatDiagnostic({ file, line, column, severity, code, message, hint }: Diagnostic): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`
  return `${place}: ${severity} ${code}: ${message}\n  ${hint}`
}
