import { chromium } from 'playwright'
import { findChromium } from './find-chromium.mjs'

/**
 * Starts the Chromium that tests and benchmarks use, headless. Throws what {@link findChromium} throws.
 *
 * @param {import('playwright').LaunchOptions} [options]
 * @returns {Promise<import('playwright').Browser>}
 */
export function launchChromium(options = {}) {
  const executablePath = findChromium()
  return chromium.launch(executablePath === undefined ? options : { ...options, executablePath })
}
