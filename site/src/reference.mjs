import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, ReflectionKind, TSConfigReader } from 'typedoc'

/** What a package gives: its name to import, and the file behind it. @typedef {{ name: string, file: string }} Entry */

/**
 * All that can be imported from the published packages.
 *
 * @param {string} root the repository's folder
 * @returns {Entry[]}
 */
function publicEntries(root) {
  return readdirSync(join(root, 'packages'))
    .filter((folder) => existsSync(join(root, 'packages', folder, 'package.json')))
    .flatMap((folder) => {
      const at = join(root, 'packages', folder)
      const { name, exports, private: isPrivate } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))
      if (isPrivate) return []
      return Object.entries(exports ?? {}).flatMap(([path, target]) => {
        const sources = target['rivulet-source']
        // Some are told apart by platform; the reference is that of browsers and Node.
        const source = typeof sources === 'object' ? sources.default : sources
        if (source === undefined || !/\.tsx?$/.test(source)) return []
        return [{ name: name + path.slice(1), file: join(at, source) }]
      })
    })
}

async function readEntries(root, options) {
  const app = await Application.bootstrapWithPlugins(
    {
      entryPoints: publicEntries(root).map(({ file }) => file),
      tsconfig: join(root, 'site/tsconfig.reference.json'),
      name: 'Rivulet',
      excludeExternals: true,
      excludePrivate: true,
      disableSources: true,
      readme: 'none',
      logLevel: 'Warn',
      validation: { notExported: false, invalidLink: false },
      ...options,
    },
    [new TSConfigReader()],
  )
  const project = await app.convert()
  if (project === undefined) throw new Error('the reference could not be read: the compiler found errors')
  const nameOf = new Map(publicEntries(root).map(({ name, file }) => [file.replaceAll('\\', '/'), name]))
  for (const module of project.children ?? []) {
    const file = module.sources?.[0]?.fullFileName ?? project.getSymbolIdFromReflection(module)?.fileName
    module.name = nameOf.get(String(file)) ?? module.name
  }
  return { app, project }
}

/** Kinds that somebody calls or uses as a value: an example says more than a signature. */
const CALLED = ReflectionKind.Function | ReflectionKind.Variable | ReflectionKind.Class

/** What code of ReStream's generator calls, under the names that it calls it by: nobody writes a call to it, and its guide explains what is for people. */
const FOR_GENERATED_CODE = new Set(['@rivulet/restream'])

function commentsOf(reflection) {
  return [reflection.comment, ...(reflection.signatures ?? []).map(({ comment }) => comment)].filter(
    (comment) => comment !== undefined,
  )
}

/**
 * Public exports without a summary, and functions, classes and values without an `@example`.
 *
 * @param {string} root the repository's folder
 * @returns {Promise<string[]>} one line each
 */
export async function undocumentedExports(root) {
  const { project } = await readEntries(root, {})
  const modules = (project.children ?? []).filter(({ name }) => !FOR_GENERATED_CODE.has(name))
  return modules.flatMap((module) =>
    (module.children ?? []).flatMap((one) => {
      if (one.kind === ReflectionKind.Reference) return []
      const comments = commentsOf(one)
      const summary = comments.some((comment) => comment.summary.some(({ text }) => text.trim() !== ''))
      const example = comments.some((comment) => comment.getTag('@example') !== undefined)
      return [
        ...(summary ? [] : [`${module.name}: ${one.name} has no TSDoc summary`]),
        ...(example || (one.kind & CALLED) === 0 ? [] : [`${module.name}: ${one.name} has no @example`]),
      ]
    }),
  )
}

/**
 * Writes the reference as Markdown, one page for each entry of a package.
 *
 * @param {string} root the repository's folder
 * @param {string} folder where to
 */
export async function writeReference(root, folder) {
  const { app, project } = await readEntries(root, {
    plugin: [fileURLToPath(import.meta.resolve('typedoc-plugin-markdown'))],
    outputs: [{ name: 'markdown', path: folder }],
    outputFileStrategy: 'modules',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    entryFileName: 'index.md',
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    sanitizeComments: true,
  })
  await app.generateOutputs(project)
}
