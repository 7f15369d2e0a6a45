import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { UserError } from './fail.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false // absent and not-executable are the same answer here
  }
}

function onPath(env) {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  return folders.flatMap((folder) => names.map((name) => join(folder, name + suffix))).find(isExecutable)
}

function inPlaces() {
  if (process.platform === 'darwin') {
    return [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ].find(isExecutable)
  }
  if (process.platform !== 'win32') return undefined
  const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(Boolean)
  return roots.map((root) => join(root, 'Google/Chrome/Application/chrome.exe')).find(isExecutable)
}

function playwrightFolder(env) {
  const custom = env.PLAYWRIGHT_BROWSERS_PATH
  if (custom && custom !== '0') return custom
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/ms-playwright')
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? homedir(), 'ms-playwright')
  return join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright')
}

const revision = (name) => Number(name.slice('chromium-'.length))

const insidePlaywright = [
  'chrome-linux/chrome',
  'chrome-linux64/chrome',
  'chrome-win/chrome.exe',
  'chrome-win64/chrome.exe',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
]

function fromPlaywright(env) {
  const folder = playwrightFolder(env)
  if (!existsSync(folder)) return undefined
  const newestFirst = readdirSync(folder)
    .filter((name) => /^chromium-\d+$/.test(name))
    .toSorted((a, b) => revision(b) - revision(a))
  return newestFirst.flatMap((name) => insidePlaywright.map((file) => join(folder, name, file))).find(isExecutable)
}

/**
 * The Chromium that tests use: `CHROMIUM`, else a system browser, else one that Playwright downloaded.
 * Throws when `CHROMIUM` names something that cannot be run: a typo there must not silently pick another browser.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findChromium(env = process.env) {
  if (env.CHROMIUM) {
    if (isExecutable(env.CHROMIUM)) return env.CHROMIUM
    throw new UserError(`CHROMIUM is set to ${env.CHROMIUM}, which is not an executable file. Correct it or unset it.`)
  }
  return onPath(env) ?? inPlaces() ?? fromPlaywright(env)
}
