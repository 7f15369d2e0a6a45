import type { Extra, SourcePlace } from '../model/schema-model.ts'
import type { Finding, FindingCode, FindingSeverity } from './finding.ts'
import type { Reason } from './flow.ts'
import type { Side } from './side.ts'
import { peersOf, type Uses, type Way } from './uses.ts'

/** A comparison on its way. */
export interface Comparison {
  readonly before: Side
  readonly after: Side
  readonly uses: Uses
  readonly findings: Finding[]
}

interface Note {
  readonly code: FindingCode
  readonly subject: string
  readonly message: string
  readonly hint: string
  readonly at?: Extra | undefined
}

/** Adds a finding that breaks nobody. */
export function remark(comparison: Comparison, severity: 'safe' | 'warning', note: Note): void {
  comparison.findings.push({ ...plain(note), severity, effects: [] })
}

/** What breaks for peers that read: `old` ones what new ones write, and `new` ones what old ones write. */
export interface Breaks {
  readonly old?: Reason
  readonly new?: Reason
}

/** Adds a finding that breaks readers, on what travels these ways. Nothing when neither reason is given. */
export function breaks(comparison: Comparison, ways: ReadonlySet<Way>, reasons: Breaks, note: Note): void {
  const severity = severityOf(reasons)
  if (severity === undefined) return
  const effects = (['old', 'new'] as const).flatMap((readers) => {
    const what = reasons[readers]
    return what === undefined ? [] : peersOf(ways, readers).map((peers) => ({ peers, what }))
  })
  comparison.findings.push({ ...plain(note), severity, effects: distinct(effects) })
}

/** What travels up and down hurts the same peers twice, often by the same reason. */
function distinct(effects: Finding['effects']): Finding['effects'] {
  const isSame = (a: Finding['effects'][number], b: Finding['effects'][number]): boolean =>
    a.peers === b.peers && a.what === b.what
  return effects.filter((effect, at) => effects.findIndex((other) => isSame(other, effect)) === at)
}

function severityOf({ old, new: fresh }: Breaks): FindingSeverity | undefined {
  if (old === undefined) return fresh === undefined ? undefined : 'breaks-new-readers'
  return fresh === undefined ? 'breaks-old-readers' : 'breaks-both'
}

/** The same reason for old and new readers. */
export const both = (what: string): Breaks => ({ old: what, new: what })

function plain({ code, subject, message, hint, at }: Note): Omit<Finding, 'severity' | 'effects'> {
  return { code, subject, message, hint, at: placeOf(at) }
}

const placeOf = (extra: Extra | undefined): SourcePlace | undefined => extra?.at
