// `npm run bench [-- name… --short --json file]`. Plain JavaScript that any Node from 20 on can start: the benchmarks themselves are
// TypeScript and run in the vendored Node.
import { fileURLToPath } from 'node:url'
import { main } from '../scripts/lib/fail.mjs'
import { modernNode, toolEnv } from '../scripts/lib/modern-node.mjs'
import { run } from '../scripts/lib/run.mjs'

const entry = fileURLToPath(new URL('src/main.ts', import.meta.url))

await main(() =>
  run(modernNode(), ['--conditions=rivulet-source', '--expose-gc', entry, ...process.argv.slice(2)], {
    env: { ...toolEnv(), NODE_ENV: 'production' },
  }),
)
