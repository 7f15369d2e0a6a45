import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Turns the scripts that stand in the pages into files, so that the site works under `script-src 'self'`.
 *
 * @param {string} [base] the address that the site is under
 * @returns {{ moveOut: (html: string) => string, write: (folder: string) => void }}
 */
export function externalScripts(base = process.env.RIVULET_DOCS_BASE ?? '/') {
  const files = new Map()
  return {
    moveOut: (html) =>
      html.replace(/<script((?:\s[^>]*)?)>([^<]+)<\/script>/g, (whole, attributes, code) => {
        if (/\bsrc=|application\/json/.test(attributes)) return whole
        const name = `${createHash('sha256').update(code).digest('hex').slice(0, 12)}.js`
        files.set(name, code)
        return `<script${attributes} src="${base}assets/${name}"></script>`
      }),
    write: (folder) => {
      for (const [name, code] of files) writeFileSync(join(folder, 'assets', name), code)
    },
  }
}
