import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const text = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8')

test('the whole test in the readme is one that runs', () => {
  expect(text('../README.md')).toContain(`\`\`\`tsx\n${text('whole-react-test.browser.test.tsx')}\`\`\``)
})
