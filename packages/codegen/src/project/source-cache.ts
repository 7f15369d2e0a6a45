import { createGoCache, type GoCache } from '../go/project/file-cache.ts'
import { createTypeScriptCache, type TypeScriptCache } from '../ts/project/file-cache.ts'
import type { Generation } from './generate.ts'

/** What generations of one project keep from one to the next. It serves one generation at a time, and holds memory until it is disposed. */
export interface SourceCache {
  readonly go: GoCache
  readonly typescript: TypeScriptCache
  /** The last generation, and what it read. */
  last: Generation | undefined
  readonly dispose: () => void
}

/**
 * An empty cache.
 *
 * @example
 * const cache = createSourceCache()
 * await generate(project, { cache })
 * await generate(project, { cache }) // reads what has changed
 * cache.dispose()
 */
export function createSourceCache(): SourceCache {
  const go = createGoCache()
  const cache: SourceCache = {
    go,
    typescript: createTypeScriptCache(),
    last: undefined,
    dispose() {
      go.dispose()
      cache.typescript.close()
      cache.last = undefined
    },
  }
  return cache
}
