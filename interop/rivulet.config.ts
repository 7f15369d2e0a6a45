import { defineConfig } from '@rivulet/codegen'

// What our own hosts of these tests serve. The recorded Go programs describe themselves: see src/recorded-schema.ts.
export default defineConfig({
  source: 'typescript',
  inputDirs: ['model'],
  packageName: 'interop',
  outDir: 'src/generated',
  outputs: [{ emit: 'typescript', options: { fileName: 'schema.ts' } }],
})
