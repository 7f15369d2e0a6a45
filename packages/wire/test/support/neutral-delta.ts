import { type Delta, type FieldDelta, type PathPart, type Types } from '../../src/index.ts'
import { type DeltaPlan, planOf } from '../../src/delta-plan.ts'
import { fromNeutral, type Neutral } from './neutral.ts'

type Tagged = Readonly<Record<string, Neutral>>
type Pairs = readonly (readonly [Neutral, Neutral])[]

/** A delta as the golden vectors spell it → this package's delta. */
export function fromNeutralDelta(types: Types, ref: string, v: Neutral): Delta {
  return readPlan(planOf(types, ref), v as Tagged)
}

function readPlan(plan: DeltaPlan, v: Tagged): Delta {
  const out: Record<string, FieldDelta> = {}
  for (const [index, field] of plan.fields.entries()) {
    const wire = wireNames(plan)[index] as string
    const op = v[wire] as Tagged | undefined
    if (op === undefined) continue
    const key = (k: Neutral): PathPart => {
      const raw = fromNeutral(plan.types, field.key, k)
      const list = field.shape === 'list' || field.shape === 'bytes'
      return (list && typeof raw === 'bigint' && Number.isSafeInteger(Number(raw)) ? Number(raw) : raw) as PathPart
    }
    const mods = (pairs: Neutral): Map<PathPart, Delta> =>
      new Map(
        ((pairs as Tagged)['$map'] as unknown as Pairs).map(([k, m]) => [
          key(k),
          readPlan((field.sub as () => DeltaPlan)(), m as Tagged),
        ]),
      )
    const has = (name: string): boolean => Object.hasOwn(op, name)
    const collection = field.shape !== 'scalar' && field.shape !== 'value'
    out[field.name] = {
      ...(has('set') ? { set: fromNeutral(plan.types, field.value, op['set'] as Neutral) } : {}),
      ...(has('whole')
        ? { whole: fromNeutral(plan.types, collection ? field.whole : field.value, op['whole'] as Neutral) }
        : {}),
      ...(has('mod') ? { mod: readPlan((field.sub as () => DeltaPlan)(), op['mod'] as Tagged) } : {}),
      ...(has('sets')
        ? {
            sets: new Map(
              (((op['sets'] as Tagged)['$map'] as unknown as Pairs) ?? []).map(([k, x]) => [
                key(k),
                fromNeutral(plan.types, field.value, x),
              ]),
            ),
          }
        : {}),
      ...(has('deletes')
        ? { deletes: new Set(((op['deletes'] as Tagged)['$set'] as readonly Neutral[]).map(key)) }
        : {}),
      ...(has('mods') ? { mods: mods(op['mods'] as Neutral) } : {}),
    }
  }
  return out
}

function wireNames(plan: DeltaPlan): readonly string[] {
  return (plan.types.map((t) => t[plan.ref]).find((d) => d !== undefined)?.fields ?? []).map((f) => f.wire as string)
}
