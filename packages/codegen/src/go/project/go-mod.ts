/** What of a go.mod file decides where packages are. */
export interface GoMod {
  /** The module's path, as imports begin with it. */
  readonly module: string
  /** Module path → folder, relative to the go.mod, for replacements by a folder. */
  readonly replaced: ReadonlyMap<string, string>
}

/** Reads the `module` and `replace` directives, single or in a block. Undefined without a module path. */
export function parseGoMod(text: string): GoMod | undefined {
  const replaced = new Map<string, string>()
  let module: string | undefined
  let block = ''
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/\/\/.*$/, '').trim()
    if (line === ')') block = ''
    const opening = /^(\w+)\s*\($/.exec(line)
    if (opening !== null) block = opening[1] ?? ''
    const directive = block === '' || opening !== null ? line : `${block} ${line}`
    const words = directive.split(/\s+/).map(unquote)
    if (words[0] === 'module' && words[1] !== undefined && words[1] !== '(') module = words[1]
    const arrow = words.indexOf('=>')
    const [target] = words.slice(arrow + 1)
    if (words[0] === 'replace' && arrow > 0 && target !== undefined && /^\.{1,2}(\/|$)/.test(target)) {
      replaced.set(words[1] as string, target)
    }
  }
  return module === undefined ? undefined : { module, replaced }
}

const unquote = (word: string): string => word.replace(/^(["`])(.*)\1$/, '$2')
