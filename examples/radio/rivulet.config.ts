import { defineConfig } from '@rivulet/codegen'

export default defineConfig({
  source: 'typescript',
  inputDirs: ['model'],
  packageName: 'radio',
  outDir: 'src/radio',
  outputs: [{ emit: 'typescript', options: { fileName: 'schema.ts' } }],
})
