// Writes src/game/schema.ts from the Go package in model/.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { diskTree, emitTypeScript, formatDiagnostic, readGo } from '@rivulet/codegen'

const demo = join(dirname(fileURLToPath(import.meta.url)), '..')

const { model, diagnostics } = await readGo(diskTree(join(demo, 'model')))
for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic))
if (diagnostics.some(({ severity }) => severity === 'error')) process.exitCode = 1
else {
  for (const { path, text } of emitTypeScript(model, { fileName: 'schema.ts' }))
    writeFileSync(join(demo, 'src/game', path), text)
}
