import { defineConfig } from '@rivulet/codegen'

export default defineConfig({
  source: 'typescript',
  inputDirs: ['model'],
  packageName: 'studio',
  outDir: 'src/studio',
  outputs: [{ emit: 'typescript', options: { fileName: 'schema.ts' } }],
})
