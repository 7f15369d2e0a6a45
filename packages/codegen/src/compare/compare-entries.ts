import type { SchemaField, SchemaStruct } from '../model/schema-model.ts'
import { deltaFlow, flow } from './flow.ts'
import { both, breaks, type Comparison, remark } from './report.ts'
import { typeText } from './type-text.ts'

/** Compares the fields of a struct with ids (wire.md §6.4): the id is the field. */
export function compareEntries(comparison: Comparison, ref: string, old: SchemaStruct, struct: SchemaStruct): void {
  const ways = comparison.uses.ways(ref)
  const max = old.maxFieldID ?? 0
  for (const field of struct.fields) {
    const subject = `${ref}.${field.goName}`
    const sameId = old.fields.find(({ id }) => id === field.id)
    const sameName = old.fields.find(({ goName }) => goName === field.goName)
    if (sameId !== undefined && sameId === sameName) compareField(comparison, ref, sameId, field)
    else if (sameName !== undefined)
      breaks(comparison, ways, both(`${field.goName} is taken for field ${field.id}, or reads as zero`), {
        code: 'id-changed',
        subject,
        message: `${subject} had the id ${sameName.id} and has ${field.id}`,
        hint: `Give it the id ${sameName.id} back: write \`fID=${sameName.id}\`.`,
        at: field.extra,
      })
    else if (sameId !== undefined) compareTaken(comparison, ref, sameId, field, struct)
    else if ((field.id ?? 0) <= max)
      breaks(
        comparison,
        ways,
        both(`a peer from before the removal takes ${field.goName} for the field that had its id`),
        {
          code: 'id-reused',
          subject,
          message: `${subject} has the id ${field.id}, which a removed field had`,
          hint: `Ids are never used again: give it ${Math.max(max, struct.maxFieldID ?? 0) + 1}.`,
          at: field.extra,
        },
      )
    else
      remark(comparison, 'safe', {
        code: 'field-added',
        subject,
        message: `${subject} is new, with the id ${field.id}`,
        hint: 'Nothing to do: old readers skip it, and what old peers write has it as zero.',
        at: field.extra,
      })
  }
  compareRemoved(comparison, ref, old, struct)
  if ((struct.maxFieldID ?? 0) < max)
    breaks(comparison, ways, both('the next new field gets an id that another field had'), {
      code: 'max-lowered',
      subject: ref,
      message: `the highest id of ${ref} was ${max} and is ${struct.maxFieldID ?? 0}`,
      hint: `Write MAXFIELD(${max}) back above its first field.`,
      at: struct.extra,
    })
}

function compareField(comparison: Comparison, ref: string, old: SchemaField, field: SchemaField): void {
  const { before, after, uses } = comparison
  const ways = uses.ways(ref)
  const subject = `${ref}.${field.goName}`
  const at = field.extra
  const state = {
    new: flow(old.node, field.node, { from: before, to: after }),
    old: flow(field.node, old.node, { from: after, to: before }),
  }
  if (state.new !== undefined || state.old !== undefined)
    return breaks(comparison, ways, state, {
      code: 'type-changed',
      subject,
      message: `${subject} was ${typeText(old.node)} and is ${typeText(field.node)}`,
      hint: 'Add a field with a new id, and remove this one when the last old peer is gone.',
      at,
    })
  // Without deltas on one side there is nothing that could be misread: the struct's flavour is reported instead.
  const deltas = old.partial !== undefined && field.partial !== undefined
  const change = {
    new: deltas ? deltaFlow(old.partial, field.partial, { from: before, to: after }) : undefined,
    old: deltas ? deltaFlow(field.partial, old.partial, { from: after, to: before }) : undefined,
  }
  if (change.new !== undefined || change.old !== undefined)
    return breaks(comparison, ways, change, {
      code: 'delta-layout',
      subject,
      message: `the deltas of ${subject} have other bytes, although its type is the same`,
      hint: 'Declare the struct it holds in the same file as before, with the same annotation: only structs of one file are changed in place.',
      at,
    })
  if (typeText(old.node) !== typeText(field.node))
    remark(comparison, 'warning', {
      code: 'type-renamed',
      subject,
      message: `${subject} was ${typeText(old.node)} and is ${typeText(field.node)}, which has the same bytes`,
      hint: 'Make sure that the values mean the same.',
      at,
    })
}

/** An id that another field had before. */
function compareTaken(
  comparison: Comparison,
  ref: string,
  old: SchemaField,
  field: SchemaField,
  struct: SchemaStruct,
): void {
  const { before, after, uses } = comparison
  const subject = `${ref}.${field.goName}`
  const state = {
    new: flow(old.node, field.node, { from: before, to: after }),
    old: flow(field.node, old.node, { from: after, to: before }),
  }
  const moved = struct.fields.some(({ goName }) => goName === old.goName)
  if (moved || state.new !== undefined || state.old !== undefined)
    return breaks(comparison, uses.ways(ref), both(`${field.goName} is taken for ${old.goName}`), {
      code: 'id-reused',
      subject,
      message: `${subject} has the id ${field.id}, which ${old.goName} had`,
      hint: `Ids are never used again: give it ${Math.max(before.structs.get(ref)?.maxFieldID ?? 0, struct.maxFieldID ?? 0) + 1}.`,
      at: field.extra,
    })
  const note = {
    code: 'field-renamed',
    subject,
    message: `${ref}.${old.goName} is now called ${field.goName}, with the same id`,
    hint: `Keep the name ${old.goName}, or add ${field.goName} with a new id.`,
    at: field.extra,
  } as const
  // Names are on the wire only in subscription keys (wire.md §9.6).
  const what = `its subscription keys name ${old.goName} or ${field.goName}, and the other side knows only one of them: no live updates of it`
  if (uses.inKeys(ref)) breaks(comparison, new Set(['down']), both(what), note)
  else remark(comparison, 'warning', note)
}

function compareRemoved(comparison: Comparison, ref: string, old: SchemaStruct, struct: SchemaStruct): void {
  for (const field of old.fields) {
    if (struct.fields.some(({ id, goName }) => id === field.id || goName === field.goName)) continue
    const subject = `${ref}.${field.goName}`
    remark(comparison, 'warning', {
      code: 'field-removed',
      subject,
      message: `${subject} is gone: peers that still have it read zero`,
      hint: `Keep MAXFIELD at ${old.maxFieldID ?? field.id} or above, so that the id ${field.id} is never used again.`,
      at: struct.extra,
    })
  }
}
