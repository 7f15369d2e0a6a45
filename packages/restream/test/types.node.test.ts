import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { toolEntry } from '../../../scripts/lib/tools.mjs'

test('generated code type-checks as an app compiles it: strict, with enums', () => {
  const project = fileURLToPath(new URL('tsconfig.json', import.meta.url))
  const tsc = spawnSync(process.execPath, [toolEntry('typescript', 'tsc'), '-p', project], { encoding: 'utf8' })
  expect(tsc.stdout).toBe('')
  expect(tsc.status).toBe(0)
}, 120_000)
