import { RivuletError } from '@rivulet/wire'

/** What a configuration says to an emitter. */
export type OutputOptions = Readonly<Record<string, unknown>>

/** Says what is wrong with an option's value, as the end of a sentence; undefined when nothing is. */
type Check = (value: unknown) => string | undefined

const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'is not a text')

const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value)
      ? undefined
      : `is none of ${values.map((one) => JSON.stringify(one)).join(', ')}`

const importPath: Check = (value) =>
  typeof value === 'string' && /^[^\s"'`\\/]+(\/[^\s"'`\\/]+)*$/.test(value) ? undefined : 'is no import path'

const READING: Readonly<Record<string, Check>> = {
  wide: oneOf('number', 'bigint'),
  time: oneOf('date', 'millis'),
}

const fields: Check = (value) => {
  if (!isRecord(value)) return 'is not an object'
  for (const [field, reading] of Object.entries(value)) {
    if (!isRecord(reading)) return `has no object for ${field}`
    for (const [name, one] of Object.entries(reading)) {
      const check = Object.hasOwn(READING, name) ? READING[name] : undefined
      if (check === undefined) return `has a ${JSON.stringify(name)} for ${field}, which is neither wide nor time`
      const wrong = check(one)
      if (wrong !== undefined) return `has a ${name} for ${field} that ${wrong}`
    }
  }
  return undefined
}

const MODULES: Readonly<Record<string, Check>> = {
  ...READING,
  fields,
  fileName: text,
  importExtension: oneOf('.ts', '.js', ''),
}

const KNOWN: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  typescript: MODULES,
  hooks: { ...MODULES, hooksFrom: text },
  json: {},
  go: { importPath, role: oneOf('client', 'host') },
}

/**
 * Checks what a configuration says to an emitter: a mistyped option would change nothing, and a mistyped value what nobody meant.
 *
 * @throws RivuletError `config`, naming the output and the option.
 */
export function checkOutputOptions(emit: string, options: OutputOptions): void {
  const known = KNOWN[emit] ?? {}
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(known, name) ? known[name] : undefined
    if (check === undefined) {
      const names = Object.keys(known)
      throw new RivuletError('config', `the output "${emit}" has no option ${JSON.stringify(name)}`, {
        hint: names.length === 0 ? 'It has none.' : `There is ${names.join(', ')}.`,
      })
    }
    // What is undefined was left out by a program.
    const wrong = value === undefined ? undefined : check(value)
    if (wrong === undefined) continue
    throw new RivuletError('config', `the option ${name} of the output "${emit}" ${wrong}`, {
      hint: 'Correct it, or leave it out for the default.',
    })
  }
  if (emit === 'go' && options['importPath'] === undefined)
    throw new RivuletError('config', 'the output "go" needs the option importPath', {
      hint: "Write { emit: 'go', options: { importPath: 'example.com/device' } }.",
    })
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
