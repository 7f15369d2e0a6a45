/**
 * A Vitest reporter that lists the tests that passed only when run again. CI allows one more try, because on a shared machine a pause can hit any test with a clock in it;
 * what needed it must be seen and mended all the same.
 */
export default class FlakyReporter {
  onTestRunEnd(testModules) {
    for (const line of flakyTests(testModules)) console.log(line)
  }
}

/** One line for each test that did not pass at the first try, then one with their number; none when there is none. */
export function flakyTests(testModules) {
  const lines = []
  for (const module of testModules) {
    for (const test of module.children.allTests('passed')) {
      const tries = test.diagnostic()?.retryCount ?? 0
      if (tries > 0) lines.push(`flaky: ${module.relativeModuleId} > ${test.fullName} (passed at try ${tries + 1})`)
    }
  }
  if (lines.length > 0) lines.push(`flaky: ${lines.length} of the tests needed another try`)
  return lines
}
