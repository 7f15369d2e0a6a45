// Writes docs/features.md: which test shows which row of ReStream's feature list. Fails when a row that is required has none.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { main } from './lib/fail.mjs'
import { featureEvidence, featurePage, featureProblems } from './lib/feature-table.mjs'
import { root } from './lib/root.mjs'

await main(async () => {
  const found = featureEvidence(root)
  writeFileSync(join(root, 'docs', 'features.md'), featurePage(found))
  const problems = featureProblems(found)
  for (const problem of problems) console.error(problem)
  console.log(
    `docs/features.md: ${problems.length === 0 ? 'every required row is shown' : `${problems.length} problems`}`,
  )
  return problems.length === 0 ? 0 : 1
})
