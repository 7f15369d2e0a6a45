import { defineConfig } from '@rivulet/codegen'

// The host could as well be written in Go, so the model is: see model/game/board.go.
export default defineConfig({
  source: 'go',
  inputDirs: ['model/game'],
  outDir: 'src/game',
  outputs: [{ emit: 'typescript', options: { fileName: 'schema.ts' } }],
})
