import { expect, test } from 'vitest'
import { flakyTests } from '../lib/flaky-reporter.mjs'

const passed = (fullName: string, retryCount?: number) => ({
  fullName,
  diagnostic: () => (retryCount === undefined ? undefined : { retryCount }),
})
const inModule = (relativeModuleId: string, ...tests: readonly ReturnType<typeof passed>[]) => ({
  relativeModuleId,
  children: { allTests: (state: string) => (state === 'passed' ? tests : []) },
})

test('says nothing when every test passed at once', () => {
  expect(flakyTests([inModule('a.test.ts', passed('one', 0), passed('two'))])).toEqual([])
})

test('names each test that passed only when run again, and counts them', () => {
  const modules = [inModule('a.test.ts', passed('one', 1), passed('two', 0)), inModule('b.test.ts', passed('three', 2))]
  expect(flakyTests(modules)).toEqual([
    'flaky: a.test.ts > one (passed at try 2)',
    'flaky: b.test.ts > three (passed at try 3)',
    'flaky: 2 of the tests needed another try',
  ])
})
