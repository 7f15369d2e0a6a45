import { fileURLToPath } from 'node:url'

/** The folder of the site, without a trailing separator. */
export const siteFolder = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

/** The repository's folder. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')
