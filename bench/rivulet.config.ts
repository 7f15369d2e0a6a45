import { defineConfig } from '@rivulet/codegen'

export default defineConfig({
  source: 'typescript',
  inputDirs: ['model'],
  packageName: 'bench',
  outDir: 'src/generated',
  outputs: [{ emit: 'typescript', options: { fileName: 'schema.ts' } }],
})
