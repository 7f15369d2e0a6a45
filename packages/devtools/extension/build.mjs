import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = import.meta.dirname

const FILES = ['devtools.html', 'panel.html', 'panel.css', 'icon.png']
const SCRIPTS = ['devtools', 'panel', 'background', 'relay', 'agent']

/** The files that are not built; the manifest has the package's version. */
function files() {
  return {
    name: 'extension-files',
    generateBundle() {
      const { version } = JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8'))
      const manifest = { ...JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')), version }
      this.emitFile({ type: 'asset', fileName: 'manifest.json', source: JSON.stringify(manifest, null, 2) })
      for (const name of FILES) {
        this.emitFile({ type: 'asset', fileName: name, source: readFileSync(join(folder, name)) })
      }
    },
  }
}

/**
 * Rolldown settings of the Chrome extension: one file per script, because scripts that are put into pages cannot import.
 *
 * @param {string} [dir] where it goes; load it unpacked from there
 * @returns {import('rolldown').RolldownOptions[]}
 */
export function extension(dir = join(folder, '../dist/extension')) {
  return SCRIPTS.map((name, i) => ({
    cwd: folder,
    input: { [name]: `${name}.ts` },
    platform: 'browser',
    tsconfig: 'tsconfig.json',
    // From source, because the packages that it is made of may not be built yet.
    resolve: { conditionNames: ['rivulet-source', 'browser', 'import', 'module', 'default'] },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: i === 0 ? [files()] : [],
    output: { dir, format: 'iife', entryFileNames: '[name].js', minify: true, codeSplitting: false },
  }))
}
