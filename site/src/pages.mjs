import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A Markdown file of the repository and where it is on the site.
 *
 * @typedef {{ source: string, page: string, text: string, group: string }} Page
 */

/** What comes in which order, by group: file of the repository, its page, and what the menu calls it. What does not exist yet is left out. */
const MENU = {
  Start: [
    ['README.md', 'index.md', 'What it is'],
    ['docs/getting-started.md', 'getting-started.md', 'Getting started'],
    ['docs/comparison.md', 'comparison.md', 'Comparison'],
    ['docs/benchmarks.md', 'benchmarks.md', 'Benchmarks'],
    ['CHANGELOG.md', 'changelog.md', 'What changed'],
  ],
  'On the page': [
    ['docs/fewer-renders.md', 'fewer-renders.md', 'Stop unnecessary renders'],
    ['docs/lists.md', 'lists.md', 'Lists'],
    ['docs/server-rendering.md', 'server-rendering.md', 'Server rendering'],
    ['docs/react-compiler.md', 'react-compiler.md', 'React Compiler'],
    ['docs/without-react.md', 'without-react.md', 'Use it without React'],
    ['docs/tabs.md', 'tabs.md', 'Several tabs'],
    ['docs/offline.md', 'offline.md', 'Offline'],
    ['docs/data-streams.md', 'data-streams.md', 'Data streams'],
    ['docs/errors.md', 'errors.md', 'Errors'],
    ['docs/size.md', 'size.md', 'Size'],
    ['docs/devtools.md', 'devtools.md', 'Devtools'],
  ],
  Hosts: [
    ['docs/run-a-host.md', 'run-a-host.md', 'Run a host'],
    ['docs/sessions.md', 'sessions.md', 'Sessions'],
    ['docs/security.md', 'security.md', 'Security'],
    ['docs/schema-from-typescript.md', 'schema-from-typescript.md', 'A schema in TypeScript'],
    ['docs/follow-a-go-host.md', 'follow-a-go-host.md', 'Follow a Go host'],
  ],
  'Come from elsewhere': [
    ['docs/migrate-from-restream.md', 'migrate-from-restream.md', 'From ReStream and ReSub'],
    ['docs/from-colyseus.md', 'from-colyseus.md', 'From Colyseus'],
    ['docs/from-zustand.md', 'from-zustand.md', 'From zustand and a WebSocket'],
  ],
  Packages: [
    ['packages/react/README.md', 'packages/react.md', '@rivulet/react'],
    ['packages/client/README.md', 'packages/client.md', '@rivulet/client'],
    ['packages/server/README.md', 'packages/server.md', '@rivulet/server'],
    ['packages/codegen/README.md', 'packages/codegen.md', '@rivulet/codegen'],
    ['packages/devtools/README.md', 'packages/devtools.md', '@rivulet/devtools'],
    ['packages/wire/README.md', 'packages/wire.md', '@rivulet/wire'],
  ],
  'How it works': [
    ['docs/data-plane.md', 'data-plane.md', 'From the wire to a component'],
    ['docs/features.md', 'features.md', 'ReStream’s features, and their tests'],
    ['bench/README.md', 'bench.md', 'What the benchmark measures'],
    ['docs/budgets.md', 'budgets.md', 'Budgets, met and missed'],
    ['interop/README.md', 'interop.md', 'Interoperability'],
  ],
}

const markdownIn = (root, folder) =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((name) => name.endsWith('.md')) : []

/** Files that the menu does not know: guides and packages that were added since. They come at the end of their group. */
function unlisted(root, listed) {
  const guides = markdownIn(root, 'docs').map((name) => [`docs/${name}`, name, 'On the page'])
  const packages = readdirSync(join(root, 'packages')).map((name) => [
    `packages/${name}/README.md`,
    `packages/${name}.md`,
    'Packages',
  ])
  return [...guides, ...packages]
    .filter(([source]) => !listed.has(source) && existsSync(join(root, source)))
    .map(([source, page, group]) => ({ source, page, text: nameOf(source), group }))
}

function nameOf(source) {
  const name = source.startsWith('packages/') ? `@rivulet/${source.split('/')[1]}` : source.slice(5, -3)
  const words = name.replaceAll('-', ' ')
  return source.startsWith('packages/') ? name : words[0].toUpperCase() + words.slice(1)
}

/**
 * The pages of the site that are files of the repository, in the menu's order.
 *
 * @param {string} root the repository's folder
 * @returns {Page[]}
 */
export function sitePages(root) {
  const listed = Object.entries(MENU).flatMap(([group, entries]) =>
    entries
      .filter(([source]) => existsSync(join(root, source)))
      .map(([source, page, text]) => ({ source, page, text, group })),
  )
  return [...listed, ...unlisted(root, new Set(listed.map(({ source }) => source)))]
}

/** The groups of the menu, in their order. */
export const GROUPS = Object.keys(MENU)
