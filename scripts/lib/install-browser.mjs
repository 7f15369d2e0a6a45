import { existsSync, readFileSync } from 'node:fs'
import { UserError } from './fail.mjs'
import { findChromium } from './find-chromium.mjs'
import { modernNode, toolEnv } from './modern-node.mjs'
import { run } from './run.mjs'
import { toolEntry } from './tools.mjs'

const isRoot = process.getuid?.() === 0

// Debian only: Ubuntu's package of that name is a stub that needs snapd, which containers do not have.
function hasDebianPackage() {
  if (!isRoot || !existsSync('/usr/bin/apt-get') || !existsSync('/etc/os-release')) return false
  return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

async function installFromDebian() {
  console.log('rivulet: no Chromium found, installing the Debian package (about half a minute)')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const updated = await run('apt-get', ['update', '-qq'], { env })
  if (updated !== 0) return updated
  return run('apt-get', ['install', '-y', '-qq', 'chromium'], { env })
}

function installFromPlaywright() {
  console.log("rivulet: no Chromium found, downloading Playwright's")
  const withLibraries = isRoot && process.platform === 'linux' ? ['--with-deps'] : []
  return run(modernNode(), [toolEntry('playwright'), 'install', ...withLibraries, 'chromium'], { env: toolEnv() })
}

/** Makes sure there is a Chromium to test in, installing one if need be. Dependencies must be installed already. */
export async function ensureBrowser() {
  if (findChromium()) return
  let code = hasDebianPackage() ? await installFromDebian() : 1
  if (code !== 0) code = await installFromPlaywright()
  if (code !== 0 || !findChromium()) {
    throw new UserError(
      'no Chromium could be installed. Install Chromium or Chrome yourself, or set CHROMIUM to its path.',
    )
  }
}
