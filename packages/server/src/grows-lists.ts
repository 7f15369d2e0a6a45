import { type Delta, type DeltaPlan, planOf, type StoreDef } from '@rivulet/wire'

type Fields = Readonly<Record<string, unknown>>

/**
 * Whether `delta` reaches beyond the end of a list: the one thing that can still fail while a well-formed delta is applied, and so the one that must not
 * happen in place. May say yes where a replacement in the same delta makes room.
 */
export function growsLists(def: StoreDef, state: unknown, delta: Delta): boolean {
  return grows(planOf(def.types, def.state), state, delta)
}

function grows(plan: DeltaPlan, struct: unknown, delta: Delta): boolean {
  for (const [name, op] of Object.entries(delta)) {
    const field = plan.byName.get(name)
    if (field === undefined) return true
    const value = isFields(struct) ? struct[name] : undefined
    if (field.shape === 'list' || field.shape === 'bytes') {
      const length = (value as { readonly length: number } | null | undefined)?.length ?? 0
      for (const keys of [op.sets?.keys(), op.mods?.keys()])
        for (const key of keys ?? []) if (!((key as number) < length)) return true
    }
    const sub = field.sub?.()
    if (sub === undefined) continue
    if (op.mod !== undefined && grows(sub, value, op.mod)) return true
    for (const [key, mod] of op.mods ?? []) if (grows(sub, elementAt(value, key), mod)) return true
  }
  return false
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function elementAt(value: unknown, key: unknown): unknown {
  if (value instanceof Map) return value.get(key)
  return Array.isArray(value) ? value[key as number] : undefined
}
