import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { diskTree, emitTypeScript, readGo } from '@rivulet/codegen'
import { expect, test } from 'vitest'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

test('schema.ts is what the Go package in model/ says', async () => {
  const { model, diagnostics } = await readGo(diskTree(here('../model')))
  expect(diagnostics).toEqual([])
  // If not: npm run generate -w demo-tictactoe
  const [file, ...more] = emitTypeScript(model, { fileName: 'schema.ts' })
  expect(more).toEqual([])
  expect(file).toEqual({ path: 'schema.ts', text: readFileSync(here('../src/game/schema.ts'), 'utf8') })
})
