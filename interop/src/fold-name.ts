/**
 * A Go name as a TypeScript property: the leading run of capitals is folded, keeping the last one when a lower-case letter follows
 * (`ID` → `id`, `URLPath` → `urlPath`, `My_F` → `my_F`); digits and `_` count as lower-case (codegen.md §2).
 */
export function foldName(go: string): string {
  const run = /^[A-Z]*/.exec(go)?.[0].length ?? 0
  if (run === 0) return go
  const folded = run === 1 || run === go.length ? run : run - 1
  return go.slice(0, folded).toLowerCase() + go.slice(folded)
}
