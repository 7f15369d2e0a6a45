import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tempTree } from '../../scripts/test/temp-tree.ts'
import { externalScripts } from '../src/external-scripts.mjs'
import { serveSite } from '../src/serve.mjs'

test('scripts in pages become files; data and files stay', () => {
  const folder = tempTree({ 'assets/app.js': '' })
  const scripts = externalScripts('/docs/')
  const kept = '<script type="application/json">{"a":1}</script><script src="/a.js"></script>'
  const html = scripts.moveOut(`<script id="x">run()</script>${kept}<script>run()</script>`)
  const [, name] = /src="\/docs\/assets\/(\w+\.js)"/.exec(html) ?? []
  expect(html).toBe(
    `<script id="x" src="/docs/assets/${name}"></script>${kept}<script src="/docs/assets/${name}"></script>`,
  )
  scripts.write(folder)
  expect(readFileSync(join(folder, 'assets', name ?? ''), 'utf8')).toBe('run()')
  expect(readdirSync(join(folder, 'assets'))).toHaveLength(2)
})

async function served(files: Readonly<Record<string, string>>): Promise<string> {
  const { url, close } = await serveSite(tempTree(files))
  onTestFinished(close)
  return url
}

test('pages answer with and without their ending, under a policy that lets no script of a page run', async () => {
  const url = await served({ 'index.html': 'home', 'guide.html': 'guide', 'packages/a.html': 'a', '404.html': 'none' })
  for (const [path, text] of [
    ['', 'home'],
    ['guide', 'guide'],
    ['guide.html?x=1', 'guide'],
    ['packages/a', 'a'],
  ] as const) {
    const response = await fetch(url + path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(await response.text()).toBe(text)
  }
  const missing = await fetch(`${url}nothing`)
  expect([missing.status, await missing.text()]).toEqual([404, 'none'])
})

test('nothing outside the folder is served', async () => {
  const root = tempTree({ 'dist/index.html': 'home', 'secret.txt': 'secret', 'dist-other/a.txt': 'secret' })
  const { url, close } = await serveSite(join(root, 'dist'))
  onTestFinished(close)
  expect(existsSync(join(root, 'secret.txt'))).toBe(true)
  for (const path of ['..%2fsecret.txt', '%2e%2e/secret.txt', '..%2fdist-other/a.txt']) {
    expect((await fetch(url + path)).status).toBe(404)
  }
})
