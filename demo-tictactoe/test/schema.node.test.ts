import { fileURLToPath } from 'node:url'
import { generate, loadConfig } from '@rivulet/codegen'
import { expect, test } from 'vitest'

const demo = fileURLToPath(new URL('..', import.meta.url))

test('schema.ts and schema.json are what the Go package in model/ says', async () => {
  const { diagnostics, failed, changes } = await generate(await loadConfig(demo), { dryRun: true })
  expect(diagnostics).toEqual([])
  expect(failed).toBe(false)
  // If not: npm run generate -w demo-tictactoe
  expect(changes).toEqual({ written: [], removed: [], unchanged: ['schema.json', 'src/game/schema.ts'] })
})
