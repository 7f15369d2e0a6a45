import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { benchmarks, smoke } from './benchmarks.ts'
import { mergeDocs, type Section } from './harness/docs.ts'
import { machineLine } from './harness/machine.ts'
import { table } from './harness/table.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})

const all = Object.keys(benchmarks)
const unknown = positionals.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`bench: no benchmark is called ${unknown.join(', ')}. There are: ${all.join(', ')}.`)
  process.exit(2)
}
const short = values.short || values.smoke
if (short && values.docs) {
  console.error('bench: a short run measures nothing worth writing down. Leave out --docs, or --short and --smoke.')
  process.exit(2)
}
const names = positionals.length > 0 ? positionals : values.smoke ? smoke : all

const machine = await machineLine()
console.log(machine)
if (short) console.log('Short run: proves that everything works, measures nothing worth quoting.')

const sections: Section[] = []
for (const name of names) {
  // Some take minutes; on the other stream, so that the tables alone can be kept.
  console.error(`\nbench: ${name} is running`)
  try {
    const benchmark = await benchmarks[name]?.()
    const results = (await benchmark?.run({ short })) ?? []
    sections.push({ benchmark: name, machine, limit: benchmark?.limit, results })
    for (const result of results) console.log(`\n${table(result)}`)
    if (benchmark?.limit !== undefined) console.log(`\n  physical limit: ${benchmark.limit}`)
  } catch (error) {
    // The others are still worth having; the exit code says that this run is not complete.
    console.error(`\nbench: ${name} failed:`, error)
    process.exitCode = 1
  }
}
if (values.json !== undefined) {
  const results = sections.flatMap((section) => section.results)
  writeFileSync(values.json, JSON.stringify({ machine, short, results }, null, 2))
}
if (values.docs || (!short && positionals.length === 0)) {
  const file = new URL('../../docs/benchmarks.md', import.meta.url)
  writeFileSync(file, mergeDocs(existsSync(file) ? readFileSync(file, 'utf8') : null, sections))
  console.error('\nbench: written into docs/benchmarks.md')
}
