import { rolldown } from 'rolldown'
import { workerInput } from './worker.mjs'

const query = '?worker-source'

/**
 * Lets `import source from './worker.ts?worker-source'` give the built worker as a string, for pages that can only
 * start a worker from a Blob.
 *
 * @returns {import('rolldown').Plugin}
 */
export function inlineWorker() {
  return {
    name: 'rivulet-inline-worker',
    async resolveId(id, importer) {
      if (!id.endsWith(query)) return null
      const resolved = await this.resolve(id.slice(0, -query.length), importer, { skipSelf: true })
      return resolved ? resolved.id + query : null
    },
    async load(id) {
      if (!id.endsWith(query)) return null
      const file = id.slice(0, -query.length)
      const bundle = await rolldown({ ...workerInput, input: file })
      try {
        const { output } = await bundle.generate({ format: 'esm', minify: true, codeSplitting: false })
        this.addWatchFile(file)
        return { code: `export default ${JSON.stringify(output[0].code)}`, moduleType: 'js' }
      } finally {
        await bundle.close()
      }
    },
  }
}
