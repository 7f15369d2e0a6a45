import type { SourcePlace } from '../model/schema-model.ts'
import type { DiagnosticCode } from './codes.ts'

/** An `error` means that there is no model to use; a `warning`, that there is one with something in it to look at. */
export type Severity = 'error' | 'warning'

/**
 * One thing that is wrong with the sources. Diagnostics are collected, never thrown one at a time.
 *
 * @example
 * { severity: 'error', code: 'missing-id', message: 'Bed.Depth has no field id', file: 'glass/bed.go', line: 12, column: 2,
 *   hint: 'Run the reference generator, or this one with --assign-ids.' }
 */
export interface Diagnostic {
  readonly severity: Severity
  readonly code: DiagnosticCode
  /** One sentence without a full stop, naming the declaration. */
  readonly message: string
  /** Relative to the project, with `/`. */
  readonly file: string
  /** From 1; 0 when it is about the file as a whole. */
  readonly line: number
  /** From 1; 0 when it is about the file as a whole. */
  readonly column: number
  /** What to do about it, as a sentence. */
  readonly hint: string
}

/** Collects what is wrong, in the order in which it is found. */
export interface Diagnostics {
  readonly list: readonly Diagnostic[]
  error(code: DiagnosticCode, at: SourcePlace | string, message: string, hint: string): void
  warning(code: DiagnosticCode, at: SourcePlace | string, message: string, hint: string): void
  readonly hasErrors: boolean
}

/**
 * A collector without anything in it yet. `at` is a place, or a file as a whole. The same diagnostic at the same place is kept once.
 *
 * @example
 * const diagnostics = createDiagnostics()
 * diagnostics.error('syntax', 'glass/bed.go', 'the file cannot be read', 'Check its permissions.')
 */
export function createDiagnostics(): Diagnostics {
  const list: Diagnostic[] = []
  const seen = new Set<string>()
  const add = (severity: Severity, code: DiagnosticCode, at: SourcePlace | string, message: string, hint: string) => {
    const place = typeof at === 'string' ? { file: at, line: 0, column: 0 } : at
    const { file, line, column } = place
    const key = JSON.stringify([code, file, line, column, message])
    if (seen.has(key)) return
    seen.add(key)
    list.push({ severity, code, message, file, line, column, hint })
  }
  return {
    list,
    error: (code, at, message, hint) => add('error', code, at, message, hint),
    warning: (code, at, message, hint) => add('warning', code, at, message, hint),
    get hasErrors() {
      return list.some(({ severity }) => severity === 'error')
    },
  }
}
