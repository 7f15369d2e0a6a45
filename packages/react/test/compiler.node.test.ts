import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformAsync } from '@babel/core'
import { expect, test } from 'vitest'

/** What the compiler says about each function that it looks at. */
interface CompilerEvent {
  readonly kind: string
  readonly fnName?: string | null
}

async function compile(
  file: string,
  source: string,
): Promise<{ readonly events: CompilerEvent[]; readonly code: string }> {
  const events: CompilerEvent[] = []
  const logger = { logEvent: (_: string | null, event: CompilerEvent) => void events.push(event) }
  const result = await transformAsync(source, {
    filename: file,
    babelrc: false,
    configFile: false,
    parserOpts: { plugins: ['typescript', 'jsx'] },
    plugins: [['babel-plugin-react-compiler', { target: '19', panicThreshold: 'none', logger }]],
  })
  return { events, code: result?.code ?? '' }
}

const folder = join(import.meta.dirname, '../src')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

/** Hooks and components, by the names that React gives a meaning; overloads count once. */
function hooksAndComponents(source: string): Set<string> {
  return new Set(
    [...source.matchAll(/^(?:export )?function (use[A-Z]\w*|[A-Z]\w*)/gm)].map(([, name]) => name as string),
  )
}

/** Uses no hook, so there is nothing to compile. Named as one, so that whatever is compiled calls it in every render. */
const PLAIN = new Set(['useOrigin'])

test.for(files)('%s compiles without a bail-out', async (file) => {
  const { events } = await compile(file, read(file))
  expect(events.filter(({ kind }) => kind !== 'CompileSuccess')).toEqual([])
  const compiled = new Set(events.map(({ fnName }) => fnName))
  const expected = [...hooksAndComponents(read(file))].filter((name) => !PLAIN.has(name))
  for (const name of expected) expect(compiled).toContain(name)
})

test('a bail-out would be seen', async () => {
  const { events } = await compile(
    'bad.ts',
    `import { useRef } from 'react'
     export function useBad(value: number): number { const seen = useRef(0); seen.current = value; return seen.current }`,
  )
  expect(events.map(({ kind }) => kind)).toContain('CompileError')
})

test('all hooks are looked at', () => {
  const names = files.flatMap((file) => [...hooksAndComponents(read(file))])
  expect(names.toSorted()).toEqual([
    'Commits',
    'ConcurrentProvider',
    'For',
    'HydrationBoundary',
    'RivuletProvider',
    'Text',
    'useChange',
    'useClient',
    'useConcurrentStore',
    'useConnection',
    'useConnectionOf',
    'useDataStream',
    'useDataStreamOf',
    'useEvent',
    'useEventOf',
    'useKeysSource',
    'useOrigin',
    'useRowsOf',
    'useRpc',
    'useRpcOf',
    'useSend',
    'useSendOf',
    'useStore',
    'useStoreDiff',
    'useStoreDiffOf',
    'useStoreKeys',
    'useStoreKeysOf',
    'useStoreOf',
    'useStoreSize',
    'useStoreSizeOf',
    'useStoreStatus',
    'useStoreStatusOf',
    'useStoreWindow',
    'useStoreWindowOf',
    'useSuspenseStore',
    'useSuspenseStoreOf',
    'useTextOf',
    'useTracker',
  ])
})

test.for(files)('%s silences no rule', (file) => {
  expect(read(file)).not.toMatch(
    /(?:eslint|oxlint)-disable|use no memo|use no forget|@ts-(?:ignore|expect-error|nocheck)/,
  )
})

test.for(['index.ts', 'concurrent.ts', 'hydration-boundary.tsx'])('%s is a client module', (entry) => {
  expect(read(entry)).toMatch(/^'use client'\n/)
})
