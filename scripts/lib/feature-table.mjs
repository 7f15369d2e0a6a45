import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { AWAITED, FEATURE_ROWS, ROOMS_TO_COME, THERE_ALREADY } from './feature-rows.mjs'
import { featureTags } from './feature-tags.mjs'
import { testTitles } from './test-titles.mjs'

/** Which areas the tests of a file or folder can speak for; the first that fits counts. */
const SHOWS = {
  'interop/test/host-recordings.node.test.ts': 'S',
  'interop/test/client-recordings.node.test.ts': 'C',
  'packages/wire': 'W',
  'packages/server': 'S',
  'packages/client': 'C',
  'packages/react': 'C',
  'packages/relay': 'R',
  'packages/codegen': 'G',
  'demo-tictactoe': 'SCE',
  examples: 'E',
  interop: 'SC',
}

const AREAS = { W: 'wire', S: 'host', C: 'browser', R: 'relay', G: 'generator', E: 'examples' }

/**
 * @typedef {{ file: string, title: string, shows: string }} Evidence
 */

function testFiles(root) {
  return ['packages', 'interop', 'demo-tictactoe', 'examples', 'bench']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(?:node|browser)\.test\.tsx?$/.test(file) && !file.split(sep).includes('node_modules'))
        .map((file) => `${folder}/${file.split(sep).join('/')}`),
    )
    .toSorted((a, b) => (a < b ? -1 : 1))
}

/**
 * The tests whose titles carry a row's number.
 *
 * @param {string} root the repository's folder
 * @returns {Map<number, Evidence[]>}
 */
export function featureEvidence(root) {
  const found = new Map()
  for (const file of testFiles(root)) {
    const shows = Object.entries(SHOWS).find(([at]) => file === at || file.startsWith(`${at}/`))?.[1] ?? ''
    for (const tagged of testTitles(readFileSync(join(root, file), 'utf8'), file)) {
      const { rows, text } = featureTags(tagged)
      for (const row of rows) {
        if (!found.has(row)) found.set(row, [])
        found.get(row).push({ file, title: text, shows })
      }
    }
  }
  return found
}

const isShown = (evidence, area) => evidence.some(({ shows }) => shows.includes(area))
const isToCome = (row, area) => area in ROOMS_TO_COME && THERE_ALREADY[area]?.includes(row) !== true

/**
 * What is wrong between the rows and the tests: a row that an area does not show, a number that no row has, a row that is said to be awaited and is there.
 *
 * @param {Map<number, Evidence[]>} found
 * @param {Readonly<Record<string, readonly number[]>>} [awaited] rows by area
 * @returns {string[]}
 */
export function featureProblems(found, awaited = AWAITED) {
  const known = new Set(FEATURE_ROWS.map(([row]) => row))
  const unknown = [...found].flatMap(([row, evidence]) =>
    known.has(row)
      ? []
      : evidence.map(({ file, title }) => `${file}: "${title}" names row ${row}, which does not exist`),
  )
  const wrong = FEATURE_ROWS.flatMap(([row, areas]) =>
    areas.split('').flatMap((area) => {
      const shown = isShown(found.get(row) ?? [], area)
      if (isToCome(row, area)) return []
      if (awaited[area]?.includes(row))
        return shown ? [`row ${row} is shown for ${AREAS[area]}: take it out of AWAITED`] : []
      return shown ? [] : [`row ${row} has no test for ${AREAS[area]}`]
    }),
  )
  return [...unknown, ...wrong]
}

function missing(row, area) {
  return isToCome(row, area) ? `room not there yet (${ROOMS_TO_COME[area]})` : `not there yet (${AREAS[area]})`
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*')

function evidenceCell(row, areas, evidence) {
  const tests = [...new Set(evidence.map(({ file }) => file))].map((file) => {
    const titles = evidence.filter((one) => one.file === file).map(({ title }) => cell(title))
    return `[${file}](../${file}): ${titles.join(' · ')}`
  })
  const lacking = areas
    .split('')
    .filter((area) => !isShown(evidence, area))
    .map((area) => missing(row, area))
  return [...tests, ...lacking].join('<br>')
}

/**
 * The table as a Markdown page.
 *
 * @param {Map<number, Evidence[]>} found
 * @returns {string}
 */
export function featurePage(found) {
  const rows = FEATURE_ROWS.map(
    ([row, areas, what]) =>
      `| ${row} | ${areas
        .split('')
        .map((area) => AREAS[area])
        .join(', ')} | ${cell(what)} | ${evidenceCell(row, areas, found.get(row) ?? [])} |`,
  )
  const complete = FEATURE_ROWS.filter(([row, areas]) =>
    areas.split('').every((area) => isShown(found.get(row) ?? [], area)),
  )
  return `# What ReStream does, and what shows that Rivulet does it

Written by \`node scripts/features.mjs\` from the titles of tests (\`feature 31: …\`, \`features 31, 32 and 40: …\`); the words for the rows are in \`scripts/lib/feature-rows.mjs\`. A row that several areas
have to show is complete when a test of each of them does. ${complete.length} of ${FEATURE_ROWS.length} rows are complete.

| row | area | what holds | shown by |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}
