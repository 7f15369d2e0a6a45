import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { format } from 'oxfmt'
import { afterAll } from 'vitest'
import type { EmittedFile } from '../../src/index.ts'
import config from '../../../../.oxfmtrc.json' with { type: 'json' }

const root = fileURLToPath(new URL('../../../../', import.meta.url))

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Writes files into a new folder from which packages can be imported as from here; the folder goes when the tests of the file end. */
export function writeEmitted(files: readonly EmittedFile[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-emit-'))
  folders.push(folder)
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** What a written module exports. */
export async function importEmitted(folder: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(/* @vite-ignore */ pathToFileURL(join(folder, path)).href)) as Readonly<Record<string, unknown>>
}

const strictest = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  noImplicitOverride: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  declaration: true,
  emitDeclarationOnly: true,
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: true,
  target: 'es2022',
  lib: ['es2023', 'dom'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  customConditions: ['rivulet-source'],
  jsx: 'react-jsx',
  outDir: 'types',
  rootDir: '/',
  types: [],
}

/** How long, in milliseconds, a test may take that asks the compiler: on two busy cores it takes half a minute to start and read the types of React. */
export const COMPILER_TIME = 120_000

/** What the compiler says about all the TypeScript files in a folder, under the strictest settings; empty when it is content. */
export function typeErrors(folder: string): string {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: strictest, include: ['**/*.ts'], exclude: ['node_modules', 'types'] }),
  )
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const packageFile = createRequire(import.meta.url).resolve('typescript/package.json')
  const tsc = join(dirname(packageFile), 'bin/tsc')
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  return status === 0 ? '' : stdout + stderr
}

/** The file as the formatter of this repository would have it. */
export async function formatted({ path, text }: EmittedFile): Promise<string> {
  const { $schema: _, ignorePatterns: __, ...options } = config
  const { code, errors } = await format(path, text, options as Parameters<typeof format>[2])
  if (errors.length > 0) throw new Error(`${path} cannot be read: ${errors.map(({ message }) => message).join('; ')}`)
  return code
}
