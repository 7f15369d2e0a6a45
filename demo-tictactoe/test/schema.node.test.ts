import { readFileSync } from 'node:fs'
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

test('the configuration is the example in the documentation of the command', () => {
  const page = readFileSync(new URL('../../packages/codegen/README.md', import.meta.url), 'utf8')
  const config = readFileSync(new URL('../rivulet.config.ts', import.meta.url), 'utf8')
  expect(page).toContain(`\`\`\`ts\n${config}\`\`\``)
})
