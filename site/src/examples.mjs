import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { codeBlocks } from './markdown.mjs'

/** A block of a page as a module: `offset` lines stand in front of it. @typedef {{ file: string, text: string, source: string, line: number, offset: number }} Example */

const LANGUAGES = new Set(['ts', 'tsx'])

/** Everything that a module declares or imports at its top, and what it exports. */
function namesOf(file, code) {
  const { program } = parseSync(file, code)
  const own = new Set()
  const exported = new Set()
  const declare = (statement, into) => {
    for (const { id } of statement.declarations ?? []) collectPattern(id, into)
    if (statement.id) into.add(statement.id.name)
  }
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') for (const { local } of statement.specifiers) own.add(local.name)
    else if (statement.type === 'ExportNamedDeclaration') {
      if (statement.declaration) declare(statement.declaration, own)
      if (statement.declaration) declare(statement.declaration, exported)
      for (const { exported: name } of statement.specifiers) exported.add(name.name)
    } else declare(statement, own)
  }
  return { own, exported }
}

function collectPattern(pattern, into) {
  if (pattern.type === 'Identifier') into.add(pattern.name)
  for (const property of pattern.properties ?? []) collectPattern(property.value ?? property.argument, into)
  for (const element of pattern.elements ?? []) if (element) collectPattern(element, into)
}

const nameIn = (name, code) => new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(code)

/** What blocks may take for granted: a module, and the names that it exports. @typedef {{ file: string, names: readonly string[] }} Setup */

/**
 * The block as a module: whatever a setup exports and the block uses, without saying where it comes from, is imported. The first setup that has a name gives it.
 *
 * @param {{ code: string, file: string, setups: readonly Setup[] }} options
 * @returns {{ text: string, offset: number }}
 */
export function exampleModule({ code, file, setups }) {
  const { own: taken } = namesOf(file, code)
  const imports = setups.flatMap(({ file: from, names }) => {
    const used = names.filter((name) => !taken.has(name) && nameIn(name, code))
    for (const name of used) taken.add(name)
    return used.length === 0 ? [] : [`import { ${used.join(', ')} } from '${from}'\n`]
  })
  return { text: `${imports.join('')}${code}\nexport {}\n`, offset: imports.length }
}

/**
 * The TypeScript blocks of a page. A block that begins with `// name.ts` is a file that the page's other blocks can import; one whose fence says `no-check: reason` is left out.
 *
 * @param {string} source the page, relative to the repository
 * @param {string} markdown
 * @param {readonly Setup[]} setups by which the blocks of the page are completed; files as seen from the page's folder
 * @returns {{ examples: Example[], problems: string[] }}
 */
export function examplesOf(source, markdown, setups) {
  const problems = []
  const names = new Set()
  const examples = codeBlocks(markdown).flatMap(({ language, info, code, line }, index) => {
    if (!LANGUAGES.has(language)) return []
    if (info.startsWith('no-check')) {
      if (!/^no-check: \S/.test(info)) problems.push(`${source}:${line} leaves a block unchecked without a reason`)
      return []
    }
    const named = /^\/\/ ([\w./-]+\.tsx?)\n/.exec(code)?.[1]
    const file = named ?? `block-${index + 1}.${language}`
    if (names.has(file)) problems.push(`${source}:${line} has a second file called ${file}`)
    names.add(file)
    const up = '../'.repeat(file.split('/').length - 1)
    const seen = setups.map(({ file: at, names: given }) => ({ file: `${up || './'}${at}`, names: given }))
    const { text, offset } = exampleModule({ code, file, setups: seen })
    return [{ file, text, source, line, offset }]
  })
  return { examples, problems }
}

function setupAt(file, seenAs) {
  if (!existsSync(file)) return []
  return [{ file: seenAs, names: [...namesOf(file, readFileSync(file, 'utf8')).exported] }]
}

/**
 * Writes the blocks of pages as modules, each page in a folder of its own.
 *
 * @param {{ root: string, sources: readonly string[], setupFolder: string, folder: string }} options
 *   `setupFolder` has `common.tsx` with what all blocks may take for granted, and in a folder named after a page `setup.tsx` with what its own may, and modules that they import
 * @returns {{ files: Map<string, Example>, problems: string[] }} by path below `folder`
 */
export function writeExamples({ root, sources, setupFolder, folder }) {
  rmSync(folder, { recursive: true, force: true })
  const files = new Map()
  const problems = []
  for (const source of sources) {
    const page = source.replace(/\.md$/, '')
    const up = '../'.repeat(page.split('/').length)
    const setups = [
      ...setupAt(join(setupFolder, page, 'setup.tsx'), 'setup.tsx'),
      ...setupAt(join(setupFolder, 'common.tsx'), `${up}common.tsx`),
    ]
    const found = examplesOf(source, readFileSync(join(root, source), 'utf8'), setups)
    problems.push(...found.problems)
    for (const example of found.examples) {
      const path = `${page}/${example.file}`
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), example.text)
      files.set(path, example)
    }
  }
  return { files, problems }
}

/**
 * What the compiler says about the modules, at the places of the pages.
 *
 * @param {string} output of tsc, without colours
 * @param {ReadonlyMap<string, Example>} files by path below the folder of the modules
 * @param {string} prefix the folder, as the compiler writes it
 * @returns {string}
 */
export function atTheirPages(output, files, prefix) {
  return output.replace(/^(\S+?)\((\d+),(\d+)\)/gm, (whole, path, line, column) => {
    const example = path.startsWith(`${prefix}/`) ? files.get(path.slice(prefix.length + 1)) : undefined
    return example === undefined ? whole : `${example.source}:${example.line + Number(line) - example.offset}:${column}`
  })
}
