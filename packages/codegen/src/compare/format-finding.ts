import { type Finding, isBreaking } from './finding.ts'

/**
 * A finding as lines for a terminal: what changed, what happens to whom, and what to do.
 *
 * @example
 * formatFinding(finding)
 * // glass/bed.go:12:2: breaks-both type-changed: glass.Bed.Depth was int32 and is string
 * //   old page with new host: the bytes of string are read as int32
 * //   new page with old host: the bytes of int32 are read as string
 * //   Add a field with a new id, and remove this one when the last old peer is gone.
 */
export function formatFinding(finding: Finding): string {
  const { severity, code, message, effects, at, hint } = finding
  const place = at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `
  const lines = effects.map(({ peers, what }) => `\n  ${peers}: ${what}`)
  return `${place}${severity} ${code}: ${message}${lines.join('')}\n  ${hint}`
}

/**
 * How many findings of each severity there are, as one line.
 *
 * @example
 * countFindings(compareSchemas(before, after)) // '1 breaking, 0 to look at, 3 safe'
 */
export function countFindings(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']): number => findings.filter((one) => one.severity === severity).length
  return `${findings.filter(isBreaking).length} breaking, ${count('warning')} to look at, ${count('safe')} safe`
}
