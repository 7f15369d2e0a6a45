import { type DeltaPlan, type FieldPlan, planOf } from '../delta-plan.ts'
import type { KeyNode } from '../schema.ts'
import { structOf, wireNameOf } from '../struct-table.ts'
import { below, type Walk, walkCount, walkFlag } from './walk.ts'
import { walkEntries } from './walk-entries.ts'
import { walkKey } from './walk-simple.ts'
import { walkValue } from './walk-value.ts'

const INDEX: KeyNode = { kind: 'int64' }
const CHANGED = ['operation: present', 'operation: none'] as const
const WHOLE = ['replaced as a whole: yes', 'replaced as a whole: no'] as const
const MODIFIED = ['changed in place: yes', 'changed in place: no'] as const

/** Walks over a delta of the partial struct `ref`, as the decoder reads it (wire.md §9). */
export function walkDelta(walk: Walk, ref: string, path: string): void {
  walkPlan(walk, planOf(walk.types, ref), path)
}

function walkPlan(walk: Walk, plan: DeltaPlan, path: string): void {
  const { fields } = structOf(plan.types, plan.ref)
  walkEntries(walk, path, `the change of ${plan.ref}`, {
    find: (id) => plan.byId[id],
    nameOf: ({ index, name }) => {
      const field = fields[index]
      return field === undefined ? name : wireNameOf(field)
    },
    pathOf: (field) => `${path}.${field.name}`,
    walk: (field, at) => {
      if (!walkFlag(walk, at, CHANGED)) walkField(walk, field, at)
    },
  })
}

function walkField(walk: Walk, field: FieldPlan, path: string): void {
  switch (field.shape) {
    case 'scalar':
      return walkValue(walk, field.value, path)
    case 'value':
      if (!walkFlag(walk, path, WHOLE)) walkValue(walk, field.value, path)
      // The sub-delta is behind a pointer, which has a flag of its own.
      if (!walkFlag(walk, path, MODIFIED) && !walkFlag(walk, path, CHANGED)) walkSub(walk, field, path)
      return
    case 'list':
    case 'bytes':
      walkSets(walk, field, INDEX, path)
      walkMods(walk, field, INDEX, path)
      break
    default:
      walkSets(walk, field, field.key, path)
      walkDeletes(walk, field, path)
      walkMods(walk, field, field.key, path)
  }
  if (!walkFlag(walk, path, WHOLE)) walkValue(walk, field.whole, path)
}

function walkSets(walk: Walk, field: FieldPlan, key: KeyNode, path: string): void {
  const isSet = field.shape === 'set'
  const count = walkCount(walk, path, field.minEntry, isSet ? 'number of keys added' : 'number of elements set')
  for (let i = 0; i < count; i++) {
    const at = walkKey(walk, key, path, isSet ? 'key added: ' : 'set: ')
    if (!isSet) walkValue(walk, field.value, below(path, at))
  }
}

function walkDeletes(walk: Walk, field: FieldPlan, path: string): void {
  const count = walkCount(walk, path, field.minKey, 'number of keys deleted')
  for (let i = 0; i < count; i++) walkKey(walk, field.key, path, 'key deleted: ')
}

function walkMods(walk: Walk, field: FieldPlan, key: KeyNode, path: string): void {
  if (field.sub === null || field.shape === 'set' || field.shape === 'bytes') return
  const count = walkCount(walk, path, field.minKey + 1, 'number of elements changed in place')
  for (let i = 0; i < count; i++) {
    const at = below(path, walkKey(walk, key, path, 'changed in place: '))
    if (!walkFlag(walk, at, CHANGED)) walkSub(walk, field, at)
  }
}

function walkSub(walk: Walk, field: FieldPlan, path: string): void {
  walkPlan(walk, (field.sub as () => DeltaPlan)(), path)
}
