import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempTree } from '../../scripts/test/temp-tree.ts'
import { atTheirPages, exampleModule, examplesOf, writeExamples } from '../src/examples.mjs'

const FENCE = '```'
const block = (info: string, code: string): string => `${FENCE}${info}\n${code}\n${FENCE}\n`

test('what a block uses and does not declare comes from the first setup that has it', () => {
  const setups = [
    { file: './setup.tsx', names: ['client', 'other'] },
    { file: '../common.tsx', names: ['client', 'useStore', 'Boat', 'id'] },
  ]
  const { text, offset } = exampleModule({
    code: 'const id = 1\nuseStore(client.id, {} as Boat)',
    file: 'a.ts',
    setups,
  })
  expect(text).toBe(
    "import { client } from './setup.tsx'\nimport { useStore, Boat } from '../common.tsx'\nconst id = 1\nuseStore(client.id, {} as Boat)\nexport {}\n",
  )
  expect(offset).toBe(2)
})

test.each([
  ["import { client } from 'x'\nclient()", 'imported'],
  ['const { client } = x\nclient()', 'taken out of an object'],
  ['const [client] = x\nclient()', 'taken out of a list'],
  ['export function client() {}\nclient()', 'a function'],
  ['x.client()', 'a property'],
  ['clients()', 'a longer name'],
])('nothing is imported for %j: %s', (code) => {
  const { offset } = exampleModule({ code, file: 'a.ts', setups: [{ file: './setup.tsx', names: ['client'] }] })
  expect(offset).toBe(0)
})

test('blocks in other languages are left out, and unchecked ones need a reason', () => {
  const page =
    block('sh', 'npm x') + block('ts no-check: a part of it', '{') + block('ts no-check', '}') + block('tsx', '<a />')
  const { examples, problems } = examplesOf('docs/a.md', page, [])
  expect(examples.map(({ file, line }) => [file, line])).toEqual([['block-4.tsx', 10]])
  expect(problems).toEqual(['docs/a.md:7 leaves a block unchecked without a reason'])
})

test('a block may be a file of its own, once', () => {
  const page = block('ts', '// src/a.ts\nexport const a = b') + block('ts', '// src/a.ts\nexport const a = 2')
  const { examples, problems } = examplesOf('docs/a.md', page, [{ file: 'setup.tsx', names: ['b'] }])
  expect(examples[0]?.file).toBe('src/a.ts')
  expect(examples[0]?.text).toContain("import { b } from '../setup.tsx'")
  expect(problems).toEqual(['docs/a.md:5 has a second file called src/a.ts'])
})

test('what the compiler says is said at the place of the page', () => {
  const root = tempTree({
    'docs/a.md': `# A\n\n${block('ts', 'const a = 1\nclient(b)')}`,
    'setup/docs/a/setup.tsx': 'export declare const client: (x: number) => void\n',
    'setup/common.tsx': 'export const unused = 1\n',
  })
  const folder = join(root, 'out')
  const { files, problems } = writeExamples({ root, sources: ['docs/a.md'], setupFolder: join(root, 'setup'), folder })
  expect(problems).toEqual([])
  const lines = readFileSync(join(folder, 'docs/a/block-1.ts'), 'utf8').split('\n')
  expect(lines[2]).toBe('client(b)')
  const said = 'out/docs/a/block-1.ts(3,8): error TS2304: Cannot find name\nother.ts(1,1): error\n  more of it'
  expect(atTheirPages(said, files, 'out')).toBe(
    'docs/a.md:5:8: error TS2304: Cannot find name\nother.ts(1,1): error\n  more of it',
  )
})

test('what a page no longer has is gone', () => {
  const root = tempTree({ 'a.md': block('ts', 'export const a = 1'), 'out/a/old.ts': '' })
  writeExamples({ root, sources: ['a.md'], setupFolder: join(root, 'setup'), folder: join(root, 'out') })
  expect(existsSync(join(root, 'out/a/old.ts'))).toBe(false)
  expect(existsSync(join(root, 'out/a/block-1.ts'))).toBe(true)
})
