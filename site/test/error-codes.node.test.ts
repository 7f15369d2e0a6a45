import { expect, test } from 'vitest'
import { errorCodes, errorPageProblems } from '../src/error-codes.mjs'

test('the codes are the members of the union', () => {
  const source = "export interface A {}\n/** All. */\nexport type RivuletErrorCode =\n  | 'too-deep'\n  | 'path'\n"
  expect(errorCodes(source)).toEqual(['too-deep', 'path'])
  expect(() => errorCodes('export type Other = 1')).toThrow('RivuletErrorCode')
})

const page = (...rows: string[]): string =>
  `# Errors\n\n| property | |\n| --- | --- |\n| \`hint\` | what next |\n\n| code | why | what to do |\n| --- | --- | --- |\n${rows.join('\n')}\n`

test('a page with a row for each code is right', () => {
  expect(errorPageProblems(['path', 'rpc'], page('| `rpc` | a | b |', '| `path` | a | b |'))).toEqual([])
})

test('missing, unknown, double and empty rows are named', () => {
  const rows = ['| `rpc` | a | b |', '| `rpc` | a | b |', '| `old` | a | |']
  expect(errorPageProblems(['path', 'rpc'], page(...rows))).toEqual([
    'no row explains the code path',
    'there is no code old',
    'rpc has two rows',
    'the row of old needs a cause and what to do',
  ])
})
