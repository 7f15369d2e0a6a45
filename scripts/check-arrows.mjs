// Fails when a room imports another against the arrows of the design.
import { arrowViolations } from './lib/arrows.mjs'
import { root } from './lib/root.mjs'

const violations = arrowViolations(root)
for (const violation of violations) console.error(violation)
process.exitCode = violations.length > 0 ? 1 : 0
