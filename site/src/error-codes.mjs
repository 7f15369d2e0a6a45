import { parseSync } from 'oxc-parser'

/**
 * The codes of `RivuletErrorCode`, from the text of the module that declares it.
 *
 * @param {string} source
 * @returns {string[]}
 */
export function errorCodes(source) {
  const { program } = parseSync('errors.ts', source)
  const declared = program.body
    .map((statement) => statement.declaration)
    .find((one) => one?.type === 'TSTypeAliasDeclaration' && one.id.name === 'RivuletErrorCode')
  if (declared === undefined) throw new Error('there is no type RivuletErrorCode')
  return declared.typeAnnotation.types.map(({ literal }) => literal.value)
}

/**
 * What is wrong between the codes and the page that explains them: one that has no row of its own, a row without a code, a row that leaves a column empty.
 *
 * @param {readonly string[]} codes
 * @param {string} page
 * @returns {string[]}
 */
export function errorPageProblems(codes, page) {
  const tables = page.split('\n\n').filter((part) => part.startsWith('| code |'))
  const rows = [...tables.join('\n').matchAll(/^\| `([\w-]+)` \|(.*)\|$/gm)].map(([, code, rest]) => ({
    code,
    cells: rest.split('|').map((cell) => cell.trim()),
  }))
  const explained = rows.map(({ code }) => code)
  return [
    ...codes.filter((code) => !explained.includes(code)).map((code) => `no row explains the code ${code}`),
    ...explained.filter((code) => !codes.includes(code)).map((code) => `there is no code ${code}`),
    ...explained.filter((code, at) => explained.indexOf(code) !== at).map((code) => `${code} has two rows`),
    ...rows
      .filter(({ cells }) => cells.length !== 2 || cells.includes(''))
      .map(({ code }) => `the row of ${code} needs a cause and what to do`),
  ]
}
