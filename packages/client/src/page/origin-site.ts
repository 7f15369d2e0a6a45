/** Where something was called. */
export interface Site {
  /** Of the function, or `file:line` where that has none. */
  readonly name: string
  /** `file:line:column`; absent when the stack does not say. */
  readonly source?: string
}

interface Frame {
  readonly name: string
  readonly source: string
}

/** Of this package and its bindings, by what is on top of a stack that began in them; their files say it too, unless a bundler has put all into one. */
const OURS =
  /^(noteListener|subscribe|register|follow|refollow|listen|started|useOrigin|asOrigin|whileActive|begin|callWithErrorHandling|callWithAsyncErrorHandling)$/
const OUR_FILES =
  /\/(@rivulet\/[a-z-]+|packages\/(client|react|vue|wire|devtools))\/(src|dist)\/|[/@]rivulet_(client|react|vue|wire)\b/

/** `    at name (file:1:2)`, `    at file:1:2`, `    at async name (file:1:2)`. */
const V8 =
  /^\s*at (?:async )?(?:new )?(?:(.*?) \()?((?:[a-z-]+:\/\/|node:|\/|[A-Z]:\\|webpack|<anonymous>).*?:\d+:\d+)\)?$/
/** `name@file:1:2`, of Firefox and Safari. */
const GECKO = /^([^@]*)@(.*:\d+:\d+)$/
/** Safari, without a name. */
const BARE = /^([a-z-]+:\/\/.*:\d+:\d+)$/

/**
 * Whom a stack blames: the first function that is neither of Rivulet nor a hook (`use…`), which for a hook is the component. Reads the stacks of V8, Firefox and Safari.
 *
 * @example
 * siteOf(new Error().stack) // { name: 'Cell', source: 'http://localhost:5173/src/cell.tsx:12:17' }
 */
export function siteOf(stack: string): Site {
  const frames = stack
    .split('\n')
    .map(parse)
    .filter((frame) => frame !== undefined)
  let at = 0
  while (at < frames.length && isOurs(frames[at] as Frame)) at++
  while (at < frames.length && isHook(frames[at] as Frame)) at++
  const found = frames[at] ?? frames.at(-1)
  if (found === undefined) return { name: 'unknown' }
  return { name: found.name === '' ? shortPlace(found.source) : found.name, source: found.source }
}

function isOurs({ name, source }: Frame): boolean {
  return OURS.test(name) || OUR_FILES.test(source) || isHook({ name, source })
}

function isHook({ name }: Frame): boolean {
  return /^use[A-Z0-9]/.test(name)
}

function parse(line: string): Frame | undefined {
  const v8 = V8.exec(line)
  if (v8 !== null) return { name: plainName(v8[1]), source: plainSource(v8[2] as string) }
  const gecko = GECKO.exec(line)
  if (gecko !== null) return { name: plainName(gecko[1]), source: plainSource(gecko[2] as string) }
  const bare = BARE.exec(line)
  return bare === null ? undefined : { name: '', source: plainSource(bare[1] as string) }
}

/** `Object.useStore [as current]` → `useStore`, `render/<` → `render`. */
function plainName(name = ''): string {
  const bare = name
    .replace(/ \[as .*\]$/, '')
    .replace(/(\/<|<)+$/, '')
    .replace(/^.*[./]/, '')
  return bare === '<anonymous>' || bare === 'anonymous' ? '' : bare
}

/** Without what a development server adds to tell versions of a file apart. */
function plainSource(source: string): string {
  return source.replace(/\?[^:]*(?=:\d+:\d+$)/, '')
}

/** `http://localhost/src/cell.tsx:12:17` → `cell.tsx:12`. */
function shortPlace(source: string): string {
  return source.replace(/^.*[/\\]/, '').replace(/:\d+$/, '')
}
