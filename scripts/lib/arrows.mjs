import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { importSpecifiers } from './import-specifiers.mjs'

/** Room → the rooms it may import. Arrows point one way; a room that is not listed may not exist. */
const rooms = {
  wire: [],
  client: ['wire'],
  react: ['client'],
  restream: ['client', 'wire'],
  vue: ['client'],
  testing: ['client', 'wire'],
  devtools: ['client', 'wire'],
  server: ['wire'],
  relay: ['server', 'wire'],
  codegen: ['wire'],
  'durable-streams': ['wire'],
  datastream: ['server', 'wire'],
  'command-stream': ['wire'],
}

/** Rooms that run in a browser, where Node's modules do not exist. */
const inBrowser = new Set(['wire', 'client', 'react', 'vue', 'testing', 'restream', 'devtools'])

/** Folders of one room that may not import each other: only `bridge/` passes between the engine and the page. */
const folders = {
  client: { engine: ['page', 'resub'], page: ['engine', 'resub'], bridge: ['resub'], resub: ['engine'] },
}

function isNodeModule(specifier) {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
}

function packageImport(room, specifier) {
  if (isNodeModule(specifier))
    return inBrowser.has(room) ? `${room} runs in browsers and may not import Node` : undefined
  if (!specifier.startsWith('@rivulet/')) {
    return room === 'wire' ? 'wire has no dependency' : undefined
  }
  const target = specifier.split('/')[1]
  if (target === room || rooms[room].includes(target)) return undefined
  return `${room} may import ${rooms[room].join(', ') || 'no other room'}`
}

function relativeImport(room, roomFolder, file, specifier) {
  const source = join(roomFolder, 'src')
  const target = resolve(dirname(file), specifier)
  if (!target.startsWith(source + sep)) return `a relative import may not leave ${room}/src: import the package instead`
  const from = relative(source, file).split(sep)[0]
  const to = relative(source, target).split(sep)[0]
  if (folders[room]?.[from]?.includes(to)) return `${room}/src/${from} may not import ${room}/src/${to}`
  return undefined
}

/** What the parts of an example may import: folder → its own folders, and rooms. Examples do not know each other; what two of them need is in `shared`. */
const exampleParts = {
  src: { folders: ['src', '../shared/audio', '../shared/page'], rooms: ['client', 'react', 'wire'], browser: true },
  host: { folders: ['host', 'src', '../shared/audio'], rooms: ['server', 'wire'], browser: false },
}

/** The same for the folders of `examples/shared`; `audio` runs on both sides. */
const sharedParts = {
  audio: { folders: ['audio'], rooms: [], browser: true },
  page: { folders: ['page', 'audio'], rooms: ['client', 'react', 'wire'], browser: true },
}

function exampleImport({ folders: own, rooms: allowed, browser }, example, file, specifier) {
  if (specifier.startsWith('.')) {
    const target = resolve(dirname(file), specifier)
    const may = own.some((folder) => target.startsWith(join(example, folder) + sep))
    return may ? undefined : `this part of an example may import ${own.join(', ')}`
  }
  if (isNodeModule(specifier)) return browser ? 'this part of an example runs in browsers' : undefined
  const room = /^@rivulet\/([^/]+)/.exec(specifier)?.[1]
  if (room === undefined || allowed.includes(room)) return undefined
  return `this part of an example may import ${allowed.join(', ') || 'no room'}`
}

function exampleViolations(root) {
  const examples = join(root, 'examples')
  if (!existsSync(examples)) return []
  return readdirSync(examples).flatMap((name) => {
    const example = join(examples, name)
    return Object.entries(name === 'shared' ? sharedParts : exampleParts).flatMap(([part, rules]) =>
      existsSync(join(example, part))
        ? violationsIn(root, join(example, part), (file, specifier) => exampleImport(rules, example, file, specifier))
        : [],
    )
  })
}

/** The imports below `folder` for which `reasonAgainst` gives a reason. */
function violationsIn(root, folder, reasonAgainst) {
  return sourceFiles(folder).flatMap((file) =>
    importSpecifiers(readFileSync(file, 'utf8')).flatMap(({ specifier, line }) => {
      const reason = reasonAgainst(file, specifier)
      return reason ? [`${relative(root, file)}:${line} ${specifier}: ${reason}`] : []
    }),
  )
}

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted()
}

/**
 * Every import in `packages/<room>/src` and in the examples that goes against the arrows, as `file:line specifier: reason`.
 *
 * @param {string} root the repository's folder
 * @returns {string[]}
 */
export function arrowViolations(root) {
  return [...packageViolations(root), ...exampleViolations(root)]
}

function packageViolations(root) {
  const packages = join(root, 'packages')
  if (!existsSync(packages)) return []
  return readdirSync(packages).flatMap((room) => {
    const roomFolder = join(packages, room)
    if (!existsSync(join(roomFolder, 'src'))) return []
    if (!Object.hasOwn(rooms, room))
      return [`packages/${room}: not a room of the design; add it to scripts/lib/arrows.mjs`]
    return violationsIn(root, join(roomFolder, 'src'), (file, specifier) =>
      specifier.startsWith('.') ? relativeImport(room, roomFolder, file, specifier) : packageImport(room, specifier),
    )
  })
}
