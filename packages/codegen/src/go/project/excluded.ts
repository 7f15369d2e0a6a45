const SYSTEMS =
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'
const MACHINES =
  '386 amd64 amd64p32 arm arm64 arm64be armbe loong64 mips mips64 mips64le mips64p32 mips64p32le mipsle ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'
const systems = new Set(SYSTEMS.split(' '))
const machines = new Set(MACHINES.split(' '))

/**
 * Why a Go file is not read, or undefined when it is (codegen.md §1): a file made by a generator, a file with a build constraint (whatever it
 * says), a file whose name ends in a system or machine, a file that Go itself ignores. `siblings` are the names of the files in its folder.
 */
export function whyExcluded(name: string, text: string, siblings: readonly string[]): string | undefined {
  if (/^[._]/.test(name)) return 'Go ignores files whose names begin with "." or "_"'
  const suffix = platformSuffix(name)
  if (suffix !== undefined) return `its name ends in "_${suffix}", so it is only for some platforms`
  if (isGenerated(name, text, siblings)) return 'a generator wrote it'
  if (hasConstraint(text)) return 'it has a build constraint'
  return undefined
}

// By Go's banner, by any banner in a file named as the reference names its output, or by such a name beside the file that it belongs to.
function isGenerated(name: string, text: string, siblings: readonly string[]): boolean {
  const firstLine = text.slice(0, text.search(/\r?\n|$/))
  if (/^\/\/.*generated\b.*\bdo not (edit|modify)\b/i.test(firstLine)) return true
  const output = /^(.+)_rs(_test)?\.go$/.exec(name)
  if (output === null) return false
  return /^\/[/*].*generated/i.test(firstLine) || siblings.includes(`${output[1]}${output[2] ?? ''}.go`)
}

function platformSuffix(name: string): string | undefined {
  const parts = name
    .replace(/\.go$/, '')
    .replace(/_test$/, '')
    .split('_')
  // As Go does: the part before the first "_" never counts, so linux.go is for everybody.
  const [last, before] = [parts.at(-1) as string, parts.at(-2)]
  if (parts.length < 2) return undefined
  if (machines.has(last)) return parts.length > 2 && systems.has(before as string) ? `${before}_${last}` : last
  return systems.has(last) ? last : undefined
}

// Constraints stand above the package clause, among other comments.
function hasConstraint(text: string): boolean {
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (/^\/\/go:build\s|^\/\/\s*\+build\s/.test(trimmed)) return true
    if (/^package\b/.test(trimmed)) return false
  }
  return false
}
