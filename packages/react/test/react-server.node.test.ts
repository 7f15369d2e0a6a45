import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { rolldown, type OutputChunk } from 'rolldown'
import { describe, expect, test } from 'vitest'
import options from '../rolldown.config.mjs'

const run = promisify(execFile)
const folder = join(import.meta.dirname, '..')

/** Runs a module under the conditions that a server for React's server components sets. */
async function underReactServer(source: string): Promise<unknown> {
  const conditions = ['react-server', 'rivulet-source'].map((name) => `--conditions=${name}`)
  const { stdout } = await run(process.execPath, [...conditions, '--input-type=module', '--eval', source], {
    cwd: folder,
  })
  return JSON.parse(stdout) as unknown
}

describe('under the react-server condition', () => {
  test('there is what renders and writes state, and nothing that needs a page', async () => {
    const names = await underReactServer(
      `console.log(JSON.stringify(Object.keys(await import('@rivulet/react')).toSorted()))`,
    )
    expect(names).toEqual(['createRequestClient', 'dehydrate', 'hydrate', 'prefetch', 'seed'])
  })

  test('it works, next to a React that has no hooks there', async () => {
    const seen = await underReactServer(`
      import * as React from 'react'
      import { createRequestClient, dehydrate, hydrate, seed } from '@rivulet/react'
      const types = [{ State: { form: 'partial', fields: [{ name: 'title', id: 1, type: { kind: 'string' } }] } }]
      const Def = { kind: 'store', name: 'Def', state: 'State', types }
      const server = createRequestClient()
      seed(server, Def, [], { title: 'Harbour' })
      const page = createRequestClient()
      hydrate(page, dehydrate(server))
      console.log(JSON.stringify(['useState' in React, page.store(Def).get('title')]))
    `)
    expect(seen).toEqual([false, 'Harbour'])
  })
})

test('what is built says "use client" where it needs a page, and only there', async () => {
  const bundle = await rolldown({ ...options, logLevel: 'silent' })
  const { output } = await bundle.generate({ format: 'esm', dir: 'dist', entryFileNames: '[name].js' })
  const entries = output.filter((file): file is OutputChunk => file.type === 'chunk' && file.isEntry)
  const marked = Object.fromEntries(entries.map(({ name, code }) => [name, /^["']use client["']/.test(code)]))
  expect(marked).toEqual({ index: true, concurrent: true, 'hydration-boundary': true, server: false })
  const server = entries.find(({ name }) => name === 'server')
  expect(server?.imports).toEqual(['@rivulet/client/ssr'])
})
