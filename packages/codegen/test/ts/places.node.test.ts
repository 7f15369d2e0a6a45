import { expect, test } from 'vitest'
import { readTs } from '../support/read-ts.ts'

test.each([
  ['line ends of Windows', '/** @restream.fields */\r\ninterface S {\r\n  a: string\r\n  b: any\r\n}', 4, 6],
  [
    'characters outside the first plane',
    "/** 🌱 @restream.fields */ interface S { /** 🌱 */ a: '🌱'\n  /** 🌱 */ b: any }",
    1,
    55,
  ],
  ['a byte order mark', '\uFEFF/** @restream.fields */ interface S {\n  b: any }', 2, 6],
])('%s', (_, source, line, column) => {
  const { errors } = readTs({ 'schema/a.ts': source })
  expect(errors[0]).toMatchObject({ file: 'schema/a.ts', line, column })
})
