import type { SchemaStruct } from '../model/schema-model.ts'
import { compareEntries } from './compare-entries.ts'
import { compareFlat } from './compare-flat.ts'
import { both, breaks, type Comparison, remark } from './report.ts'

/** Compares structs by name. Packets are compared by the calls and events that use them. */
export function compareStructs(comparison: Comparison): void {
  const { before, after } = comparison
  for (const [ref, old] of before.structs) {
    const struct = after.structs.get(ref)
    if (struct !== undefined) compareStruct(comparison, ref, old, struct)
    else
      remark(comparison, 'warning', {
        code: 'struct-removed',
        subject: ref,
        message: `the struct ${ref} is gone`,
        hint: 'Whatever held it is compared on its own; nothing else is needed.',
      })
  }
  for (const [ref, struct] of after.structs) {
    if (before.structs.has(ref)) continue
    const hint = 'Nothing to do.'
    remark(comparison, 'safe', { code: 'struct-added', subject: ref, message: `${ref} is new`, hint, at: struct.extra })
  }
}

function compareStruct(comparison: Comparison, ref: string, old: SchemaStruct, struct: SchemaStruct): void {
  if ((old.flavour === 'flat') !== (struct.flavour === 'flat')) {
    const what = `its ${old.flavour} bytes are read as ${struct.flavour} ones, or the other way round`
    breaks(comparison, comparison.uses.ways(ref), both(what), {
      code: 'flavour',
      subject: ref,
      message: `${ref} was ${old.flavour} and is ${struct.flavour}`,
      hint: `Declare a new struct for the new flavour, and leave ${ref} as it was.`,
      at: struct.extra,
    })
    return
  }
  if (struct.flavour === 'flat') return compareFlat(comparison, ref, old, struct)
  compareFlavour(comparison, ref, old, struct)
  if (old.file !== struct.file)
    remark(comparison, 'safe', {
      code: 'struct-moved',
      subject: ref,
      message: `${ref} moved from ${old.file} to ${struct.file}`,
      hint: 'Fields whose deltas changed by it are reported on their own.',
      at: struct.extra,
    })
  compareEntries(comparison, ref, old, struct)
}

/** Between fielded and partial: the states are the same bytes, but only partial structs have deltas. */
function compareFlavour(comparison: Comparison, ref: string, old: SchemaStruct, struct: SchemaStruct): void {
  if (old.flavour === struct.flavour) return
  const note = {
    code: 'flavour',
    subject: ref,
    message: `${ref} was ${old.flavour} and is ${struct.flavour}`,
    at: struct.extra,
  } as const
  const isState = [comparison.before, comparison.after].some(({ model }) =>
    model.packages.some(({ stores }) => stores.some(({ state }) => state === ref)),
  )
  const hint = 'Keep the annotation `@restream.partials` as it was.'
  if (isState)
    breaks(comparison, comparison.uses.ways(ref), both('only one of the two has deltas for the store'), {
      ...note,
      hint,
    })
  else remark(comparison, 'safe', { ...note, hint: 'Fields whose deltas changed by it are reported on their own.' })
}
