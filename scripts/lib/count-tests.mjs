/**
 * The one-line summary of a Vitest JSON report. A file that could not be loaded counts as one failure: it holds tests
 * that did not pass.
 *
 * @param {{ testResults: readonly { status: string, assertionResults: readonly { status: string }[] }[] }} report
 * @returns {{ passed: number, failed: number, skipped: number, line: string }}
 */
export function countTests(report) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const file of report.testResults) {
    const before = counts.failed
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1
      else if (status === 'failed') counts.failed += 1
      else counts.skipped += 1
    }
    if (file.status === 'failed' && counts.failed === before) counts.failed += 1
  }
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  return { ...counts, line: `${counts.passed} passed, ${counts.failed} failed${skipped}` }
}
