import { plainSchema } from '../model/plain-schema.ts'
import type { SchemaModel } from '../model/schema-model.ts'
import { compareNames } from './compare-names.ts'
import { compareServices } from './compare-services.ts'
import { compareStructs } from './compare-structs.ts'
import type { Finding, FindingSeverity } from './finding.ts'
import type { Comparison } from './report.ts'
import { sideOf } from './side.ts'
import { usesOf } from './uses.ts'

const ORDER: readonly FindingSeverity[] = ['breaks-both', 'breaks-old-readers', 'breaks-new-readers', 'warning', 'safe']

/**
 * What changed between two schemas, and which peers of different ages stop understanding each other by it (spec: wire.md §6.4, §9.1, §10; codegen.md §5).
 *
 * Schemas that are equal on the wire have no findings; additions have only safe ones. Worst first, then in the order of the schema. Places are those of `after`.
 *
 * @example
 * const broken = compareSchemas(deployed, model).filter(isBreaking)
 * for (const finding of broken) console.error(finding.message, finding.effects)
 */
export function compareSchemas(before: SchemaModel, after: SchemaModel): readonly Finding[] {
  const comparison: Comparison = {
    before: sideOf(plainSchema(before)),
    after: sideOf(after),
    uses: usesOf([before, after]),
    findings: [],
  }
  compareStructs(comparison)
  compareNames(comparison)
  compareServices(comparison)
  return comparison.findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))
}
