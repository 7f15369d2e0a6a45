import type { Extra, SchemaField } from '../model/schema-model.ts'
import type { FindingCode } from './finding.ts'
import { flow } from './flow.ts'
import { both, breaks, type Breaks, type Comparison, remark } from './report.ts'
import { typeText } from './type-text.ts'

interface Flat {
  readonly fields: readonly SchemaField[]
  readonly extra?: Extra
}

/** Compares a flat struct (wire.md §6): the order of its fields is all that its bytes have. */
export function compareFlat(comparison: Comparison, ref: string, old: Flat, flat: Flat): void {
  const found = flatBreaks(comparison, old.fields, flat.fields)
  if (found === undefined) return compareNames(comparison, ref, old, flat)
  breaks(comparison, comparison.uses.ways(ref), found.breaks, {
    code: 'flat-layout',
    subject: ref,
    message: `${ref} is flat, and ${found.what}`,
    hint: 'Leave it as it was and declare a new struct, or give its fields ids with `@restream.fields` in a new struct.',
    at: found.at ?? flat.extra,
  })
}

/** Compares what a call or event carries. Its last byte is the end of a message, and readers ignore what follows (wire.md §10). */
export function comparePacket(
  comparison: Comparison,
  code: FindingCode,
  subject: string,
  way: 'up' | 'down',
  old: Flat | undefined,
  flat: Flat | undefined,
): void {
  if (old === undefined || flat === undefined) return
  const found = flatBreaks(comparison, old.fields, flat.fields, true)
  if (found === undefined) return
  breaks(comparison, new Set([way]), found.breaks, {
    code,
    subject,
    message: `${PACKETS[code] ?? 'the packet'} of ${subject} is another: ${found.what}`,
    hint: 'Register a new name for the new signature, and keep the old one until the last old peer is gone.',
    at: found.at ?? flat.extra,
  })
}

const PACKETS: Partial<Record<FindingCode, string>> = {
  'call-request': 'the request',
  'call-response': 'the response',
}

interface FlatBreaks {
  readonly breaks: Breaks
  readonly what: string
  readonly at: Extra | undefined
}

function flatBreaks(
  { before, after }: Comparison,
  old: readonly SchemaField[],
  fields: readonly SchemaField[],
  openEnd = false,
): FlatBreaks | undefined {
  for (const [index, field] of fields.entries()) {
    const was = old[index]
    const at = field.extra
    if (was === undefined) {
      const reason = `it ends before ${field.goName}`
      const what = `${field.goName} was added at its end`
      return { what, at, breaks: openEnd ? { new: reason } : both(reason) }
    }
    const elsewhere =
      was.goName !== field.goName &&
      (old.some(({ goName }) => goName === field.goName) || fields.some(({ goName }) => goName === was.goName))
    if (elsewhere)
      return {
        what: `${field.goName} is where ${was.goName} was`,
        at,
        breaks: both(`${was.goName} and ${field.goName} are taken for each other`),
      }
    const reasons = {
      new: flow(was.node, field.node, { from: before, to: after }),
      old: flow(field.node, was.node, { from: after, to: before }),
    }
    if (reasons.new !== undefined || reasons.old !== undefined) {
      const what = `${field.goName} was ${typeText(was.node)} and is ${typeText(field.node)}`
      return { what, at, breaks: reasons }
    }
  }
  const gone = old[fields.length]
  if (gone === undefined) return undefined
  const reason = `it ends before ${gone.goName}`
  return {
    what: `${gone.goName} was removed from its end`,
    at: undefined,
    breaks: openEnd ? { old: reason } : both(reason),
  }
}

function compareNames(comparison: Comparison, ref: string, old: Flat, flat: Flat): void {
  for (const [index, field] of flat.fields.entries()) {
    const was = old.fields[index] as SchemaField
    if (was.goName === field.goName) continue
    remark(comparison, 'warning', {
      code: 'field-renamed',
      subject: `${ref}.${field.goName}`,
      message: `${ref}.${was.goName} is now called ${field.goName}, at the same place`,
      hint: 'Make sure that it means the same: the bytes cannot tell.',
      at: field.extra,
    })
  }
}
