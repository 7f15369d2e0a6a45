import { parseAst } from 'rolldown/parseAst'

const GROUPS = new Set(['describe', 'suite'])
const TESTS = new Set(['test', 'it'])
/** What does not run shows nothing. */
const IDLE = new Set(['skip', 'todo', 'skipIf', 'runIf', 'fails'])

/**
 * The name that a call starts from and the properties on the way: `test.each(rows)(…)` is `test` with `each`.
 *
 * @returns {{ name: string, properties: string[] } | undefined}
 */
function calleeOf(node) {
  const properties = []
  let at = node
  for (;;) {
    if (at.type === 'Identifier') return { name: at.name, properties }
    if (at.type === 'MemberExpression') {
      if (at.property.type === 'Identifier') properties.push(at.property.name)
      at = at.object
    } else if (at.type === 'CallExpression') at = at.callee
    else if (at.type === 'TaggedTemplateExpression') at = at.tag
    else return undefined
  }
}

/** The text of a literal or template; `…` where it depends on something. */
function textOf(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type !== 'TemplateLiteral') return undefined
  return node.quasis.map((part) => part.value.cooked).join('…')
}

/** What can be the body of a test: a function, or the name of one. */
const BODIES = new Set(['ArrowFunctionExpression', 'FunctionExpression', 'Identifier'])

/** What kind of declaration a call is; undefined for any other call. */
function declarationOf(node) {
  const callee = calleeOf(node.callee)
  if (callee === undefined) return undefined
  const isGroup = GROUPS.has(callee.name)
  if (!isGroup && !TESTS.has(callee.name)) return undefined
  const title = textOf(node.arguments[0])
  if (title === undefined || !node.arguments.slice(1).some(({ type }) => BODIES.has(type))) return undefined
  return { title, isGroup, idle: callee.properties.some((name) => IDLE.has(name)) }
}

/**
 * Titles of the tests that a source declares, and of groups that hold at least one, in order. Comments, strings elsewhere and tests that do not run are none.
 *
 * @param {string} source TypeScript, with JSX when `file` ends in `x`
 * @param {string} file
 * @returns {string[]}
 */
export function testTitles(source, file) {
  const titles = []
  let running = 0
  const visit = (node) => {
    if (Array.isArray(node)) {
      for (const part of node) visit(part)
      return
    }
    if (typeof node?.type !== 'string') return
    const declared = node.type === 'CallExpression' ? declarationOf(node) : undefined
    if (declared?.idle) return
    const at = titles.length
    const before = running
    if (declared?.isGroup === false) running++
    for (const part of Object.values(node)) visit(part)
    if (declared !== undefined && running > before) titles.splice(at, 0, declared.title)
  }
  visit(parseAst(source, { lang: file.endsWith('x') ? 'tsx' : 'ts' }, file))
  return titles
}
