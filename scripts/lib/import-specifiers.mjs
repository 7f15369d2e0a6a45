// Line-anchored, so that the examples inside doc comments (their lines start with `*`) are not taken for imports.
const statement = /^[ \t]*(?:import|export)\s[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm
const bareImport = /^[ \t]*import\s*['"]([^'"]+)['"]/gm
const dynamicImport = /^(?![ \t]*(?:\*|\/\/|\/\*)).*?\bimport\(\s*['"]([^'"]+)['"]/gm

/**
 * Every module that a TypeScript source names: static and dynamic imports, re-exports, `import()` types.
 * Finding them needs no parser, so this runs with nothing installed.
 *
 * @param {string} source
 * @returns {{ specifier: string, line: number }[]}
 */
export function importSpecifiers(source) {
  return [statement, bareImport, dynamicImport]
    .flatMap((pattern) => [...source.matchAll(pattern)])
    .map((match) => {
      const end = match.index + match[0].length
      return { specifier: match[1], line: source.slice(0, end).split('\n').length }
    })
    .toSorted((a, b) => a.line - b.line)
}
