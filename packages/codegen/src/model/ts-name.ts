const isUpper = (char: string | undefined): boolean => char !== undefined && /\p{Lu}/u.test(char)

/**
 * The TypeScript property name of a Go field (codegen.md §2): its leading capitals folded. All capitals → all lower (`ID` → `id`); capitals
 * before a lower-case letter keep the last (`URLPath` → `urlPath`); digits and `_` count as lower case (`AB1` → `aB1`, `My_F` → `my_F`).
 *
 * @example
 * tsName('DevicePGNs') // 'devicePGNs'
 */
export function tsName(goName: string): string {
  // Nearly every name there is.
  if (/^[A-Z][a-z\d_]/.test(goName)) return goName.charAt(0).toLowerCase() + goName.slice(1)
  const chars = Array.from(goName)
  let run = 0
  while (isUpper(chars[run])) run += 1
  const folded = run <= 1 || run === chars.length ? run : run - 1
  return chars.map((char, index) => (index < folded ? char.toLowerCase() : char)).join('')
}

/**
 * Name of the TypeScript module of a Go package: `Package` and the name with its first letter upper-cased.
 *
 * @example
 * tsFileName('harbor') // 'PackageHarbor.ts'
 */
export function tsFileName(packageName: string, test = false): string {
  return `Package${upperFirst(packageName)}${test ? 'Test' : ''}.ts`
}

/** `text` with its first letter upper-cased, as Go exports a name. */
export function upperFirst(text: string): string {
  const [first = '', ...rest] = text
  return first.toUpperCase() + rest.join('')
}
