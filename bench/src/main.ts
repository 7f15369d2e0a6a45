import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { benchmarks } from './benchmarks.ts'
import { machineLine } from './harness/machine.ts'
import type { Result } from './harness/result.ts'
import { table } from './harness/table.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, json: { type: 'string' } },
})

const names = Object.keys(benchmarks)
const unknown = positionals.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`bench: no benchmark is called ${unknown.join(', ')}. There are: ${names.join(', ')}.`)
  process.exit(2)
}

const machine = await machineLine()
console.log(machine)
if (values.short) console.log('Short run: proves that everything works, measures nothing worth quoting.')

const results: Result[] = []
for (const name of positionals.length > 0 ? positionals : names) {
  // Some take minutes; on the other stream, so that the tables alone can be kept.
  console.error(`\nbench: ${name} is running`)
  try {
    const benchmark = await benchmarks[name]?.()
    for (const result of (await benchmark?.run({ short: values.short })) ?? []) {
      results.push(result)
      console.log(`\n${table(result)}`)
    }
  } catch (error) {
    // The others are still worth having; the exit code says that this run is not complete.
    console.error(`\nbench: ${name} failed:`, error)
    process.exitCode = 1
  }
}
if (values.json !== undefined)
  writeFileSync(values.json, JSON.stringify({ machine, short: values.short, results }, null, 2))
