import { expect, test } from 'vitest'
import { createDiagnostics, formatDiagnostic } from '../src/index.ts'

const at = { file: 'a/a.go', line: 3, column: 7 }

test('diagnostics are kept in order, the same one at the same place once', () => {
  const diagnostics = createDiagnostics()
  diagnostics.warning('tag', at, 'a tag is odd', 'Remove it.')
  expect(diagnostics.hasErrors).toBe(false)
  diagnostics.error('syntax', 'b.go', 'it is no Go', 'Run gofmt.')
  diagnostics.error('syntax', 'b.go', 'it is no Go', 'Run gofmt.')
  diagnostics.warning('tag', { ...at, line: 4 }, 'a tag is odd', 'Remove it.')
  expect(diagnostics.hasErrors).toBe(true)
  expect(diagnostics.list).toEqual([
    { severity: 'warning', code: 'tag', message: 'a tag is odd', ...at, hint: 'Remove it.' },
    { severity: 'error', code: 'syntax', message: 'it is no Go', file: 'b.go', line: 0, column: 0, hint: 'Run gofmt.' },
    {
      severity: 'warning',
      code: 'tag',
      message: 'a tag is odd',
      file: 'a/a.go',
      line: 4,
      column: 7,
      hint: 'Remove it.',
    },
  ])
})

test('a line for editors, and the hint below; without a line when it is about the file', () => {
  const diagnostics = createDiagnostics()
  diagnostics.warning('tag', at, 'a tag is odd', 'Remove it.')
  diagnostics.error('syntax', 'b.go', 'it is no Go', 'Run gofmt.')
  expect(diagnostics.list.map(formatDiagnostic)).toEqual([
    'a/a.go:3:7: warning tag: a tag is odd\n  Remove it.',
    'b.go: error syntax: it is no Go\n  Run gofmt.',
  ])
})
