import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

/** What goes into a bundle, and what stays out because every contestant has it anyway. */
export interface Bundle {
  /** A module that exports what an app uses; the bundler drops the rest, as it would in the app. */
  readonly entry: URL
  readonly external: readonly RegExp[]
  /** Only the entry and what it imports statically; otherwise also the chunks that it loads by itself later. */
  readonly upFront?: boolean
  /** What it loads by itself later lies in the entry, where the bundler would make chunks. */
  readonly onePiece?: boolean
}

/**
 * Bytes of the bundle, minified and gzipped (level 9), every chunk by itself, as a browser fetches them.
 *
 * What is loaded only in an emergency belongs into `external`. Throws when something cannot be resolved: a bundle with a hole is not smaller.
 */
export async function bundleSize({ entry, external, upFront = false, onePiece = false }: Bundle): Promise<number> {
  const bundle = await rolldown({
    input: fileURLToPath(entry),
    platform: 'browser',
    external: [...external],
    preserveEntrySignatures: 'strict',
    resolve: { conditionNames: ['rivulet-source', 'browser', 'import', 'module', 'default'] },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    onLog(level, log, handle) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
      if (level !== 'warn') handle(level, log)
    },
  })
  try {
    const { output } = await bundle.generate({ format: 'esm', minify: true, ...(onePiece && { codeSplitting: false }) })
    const chunks = new Map(output.filter((part) => part.type === 'chunk').map((chunk) => [chunk.fileName, chunk]))
    const first = output.find((part) => part.type === 'chunk' && part.isEntry)
    const wanted = new Set<string>()
    const want = (fileName: string): void => {
      const chunk = chunks.get(fileName)
      if (chunk === undefined || wanted.has(fileName)) return
      wanted.add(fileName)
      chunk.imports.forEach(want)
      if (!upFront) chunk.dynamicImports.forEach(want)
    }
    want(first?.fileName ?? '')
    if (wanted.size === 0) throw new Error('The bundle has no entry.')
    return [...wanted].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '', { level: 9 }).length, 0)
  } finally {
    await bundle.close()
  }
}
