// Fails when a file names a package registry or a path that exists on one machine only.
import { hygieneViolations } from './lib/hygiene.mjs'
import { root } from './lib/root.mjs'

const violations = hygieneViolations(root)
for (const violation of violations) console.error(violation)
process.exitCode = violations.length > 0 ? 1 : 0
