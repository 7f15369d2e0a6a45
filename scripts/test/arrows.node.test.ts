import { describe, expect, test } from 'vitest'
import { arrowViolations } from '../lib/arrows.mjs'
import { tempTree } from './temp-tree.ts'

const violationsOf = (file: string, source: string): string[] => arrowViolations(tempTree({ [file]: source }))

describe('imports along the arrows', () => {
  test.each([
    ['packages/client/src/index.ts', "import { decode } from '@rivulet/wire'"],
    ['packages/client/src/index.ts', "import { start } from '@rivulet/client/inline'"],
    ['packages/client/src/page/store.ts', "import { port } from '../bridge/port.ts'"],
    ['packages/react/src/use-store.ts', "import { useState } from 'react'"],
    ['packages/testing/src/a.ts', "import { createEngine } from '@rivulet/client/parts'"],
    ['packages/server/src/host.ts', "import { createServer } from 'node:http'"],
    ['packages/wire/src/a.ts', "export * from './deep/b.ts'"],
    ['examples/tide/src/app/a.tsx', "import { useStore } from '@rivulet/react'"],
    ['examples/tide/src/app/a.tsx', "import { Badge } from '../../../shared/page/badge.tsx'"],
    ['examples/tide/host/a.ts', "import { Tide } from '../src/tide/schema.ts'"],
    ['examples/tide/host/a.ts', "import { createServer } from 'node:http'"],
    ['examples/shared/page/a.ts', "import { level } from '../audio/level.ts'"],
  ])('%s: %s', (file, source) => {
    expect(violationsOf(file, source)).toEqual([])
  })
})

describe('imports against the arrows', () => {
  test.each([
    ['packages/wire/src/a.ts', "import { x } from '@rivulet/client'", 'wire may import no other room'],
    ['packages/wire/src/a.ts', "import type { x } from '@rivulet/client'", 'wire may import no other room'],
    ['packages/wire/src/a.ts', "import { x } from 'left-pad'", 'wire has no dependency'],
    ['packages/wire/src/a.ts', "import { x } from 'node:fs'", 'runs in browsers'],
    ['packages/client/src/a.ts', "import 'fs'", 'runs in browsers'],
    ['packages/client/src/a.ts', "export { x } from '@rivulet/react'", 'client may import wire'],
    ['packages/react/src/a.tsx', "import {\n  x,\n} from '@rivulet/wire'", 'react may import client'],
    ['packages/vue/src/a.ts', "import { x } from '@rivulet/react'", 'vue may import client'],
    ['packages/testing/src/a.ts', "import { x } from '@rivulet/server'", 'testing may import client, wire'],
    ['packages/testing/src/a.ts', "import { x } from 'node:fs'", 'runs in browsers'],
    ['packages/server/src/a.ts', "const x = await import('@rivulet/client')", 'server may import wire'],
    ['packages/react/src/a.ts', "import { x } from '../../client/src/a.ts'", 'may not leave react/src'],
    ['packages/client/src/engine/a.ts', "import { x } from '../page/b.ts'", 'client/src/engine may not import'],
    ['packages/client/src/page/deep/a.ts', "import { x } from '../../engine/b.ts'", 'client/src/page may not import'],
    ['examples/tide/src/a.ts', "import { x } from '../host/b.ts'", 'may import src, '],
    ['examples/tide/src/a.ts', "import { x } from '../../ebb/src/b.ts'", 'may import src, '],
    ['examples/tide/src/a.ts', "import { x } from '@rivulet/server'", 'may import client, react, wire'],
    ['examples/tide/src/a.ts', "import { x } from 'node:fs'", 'runs in browsers'],
    ['examples/tide/host/a.ts', "import { x } from '@rivulet/client'", 'may import server, wire'],
    ['examples/tide/host/a.ts', "import { x } from '../../shared/page/b.ts'", 'may import host, '],
    ['examples/shared/audio/a.ts', "import { x } from '@rivulet/wire'", 'may import no room'],
  ])('%s: %s', (file, source, reason) => {
    const violations = violationsOf(file, source)
    expect(violations).toHaveLength(1)
    expect(violations[0]).toContain(reason)
  })

  test('names the file and the line', () => {
    const [violation] = violationsOf('packages/wire/src/a.ts', "// one\n\nimport { x } from '@rivulet/client'\n")
    expect(violation).toMatch(/^packages[\\/]wire[\\/]src[\\/]a\.ts:3 @rivulet\/client: /)
  })

  test('a room that the design does not have is refused', () => {
    expect(violationsOf('packages/extras/src/a.ts', 'export {}')).toEqual([
      'packages/extras: not a room of the design; add it to scripts/lib/arrows.mjs',
    ])
  })
})

test('an example inside a doc comment is not an import', () => {
  const source =
    "/**\n * import { x } from '@rivulet/client'\n * await import('@rivulet/client')\n */\n// import '@rivulet/client'\n"
  expect(violationsOf('packages/wire/src/a.ts', source)).toEqual([])
})
