import { RivuletError } from '@rivulet/wire'
import { encodeRecording } from '../encode-recording.ts'
import type { Recording } from '../recording.ts'
import { stateAt } from '../state-at.ts'
import { literal } from './literal.ts'
import { quote } from './quote.ts'

/** Options of {@link copyAsTest}. */
export interface TestSourceOptions {
  /** Of the test. */
  readonly name?: string
  /** Names of the stores whose states are asserted; all when absent. */
  readonly stores?: readonly string[]
  /** Entries after which they are asserted, besides the last. */
  readonly moments?: readonly number[]
  /** File name of the recording, beside the test, where it is too large to stand in it; `recorded.rsrec` when absent. */
  readonly file?: string
  /** Characters of a recording that stands in the test itself; 20,000 when absent. */
  readonly inlineLimit?: number
}

/** A test, and the file that it reads. */
export interface TestSource {
  /** Source text of a Vitest file. */
  readonly test: string
  /** What is to be written beside it as {@link TestSourceOptions.file}; null when the recording stands in the test. */
  readonly recording: string | null
}

/** Characters of the asserted states: more is nothing that anybody reads. */
const MAX_LENGTH = 1_000_000

/**
 * Writes a Vitest file that replays a recording through a real client and asserts the state of every store at its end and at chosen moments. The states are literals, laid out as oxfmt lays them out with 120
 * columns, single quotes and no semicolons; what is not wanted can be cut from them.
 *
 * Throws `unknown-store`; `limit` when the states are longer than 1,000,000 characters; and what `stateAt` throws.
 *
 * @example
 * const { test, recording } = copyAsTest(recorded, { name: 'X wins', moments: [120] })
 */
export function copyAsTest(recording: Recording, options: TestSourceOptions = {}): TestSource {
  const { stores = recording.defs.stores.map(({ name }) => name), moments = [], inlineLimit = 20_000 } = options
  const { file = 'recorded.rsrec', name = `${stores.join(', ') || 'a client'} as recorded` } = options
  const encoded = encodeRecording(recording)
  const inline = encoded.length <= inlineLimit
  const { first, last } = recording.ring
  const inside = [...new Set(moments)].filter((seq) => seq >= first && seq < last).toSorted((a, b) => a - b)
  const asserted = (seq: number): string => stores.map((store) => assertion(recording, store, seq)).join('')
  const body = [
    ...inside.map((seq) => `  await replay.to(${seq})\n${asserted(seq)}\n`),
    `  await replay.end()\n${asserted(last)}`,
  ].join('')
  if (body.length > MAX_LENGTH) {
    throw new RivuletError(
      'limit',
      `the states of this test are ${body.length} characters long, at most ${MAX_LENGTH}`,
      {
        hint: 'Choose fewer stores or moments.',
      },
    )
  }
  const source = inline ? 'recorded()' : `readFileSync(new URL(${quote(`./${file}`)}, import.meta.url), 'utf8')`
  const text = [
    inline ? '' : "import { readFileSync } from 'node:fs'\n",
    "import { readRecording, replayRecording } from '@rivulet/devtools/recording'\n",
    "import { expect, onTestFinished, test } from 'vitest'\n\n",
    `test(${quote(name)}, async () => {\n`,
    `  const replay = replayRecording(readRecording(${source}))\n`,
    '  onTestFinished(() => replay.dispose())\n\n',
    body,
    '})\n',
    inline ? `\nfunction recorded(): string {\n  return \`${inTemplate(encoded)}\`\n}\n` : '',
  ]
  return { test: text.join(''), recording: inline ? null : encoded }
}

function assertion(recording: Recording, store: string, seq: number): string {
  const state = stateAt(recording, store, seq)
  const subject = `expect(await replay.state(${quote(store)}))`
  if (state === undefined) return `  ${subject}.toBeUndefined()\n`
  return `  ${literal(state, `${subject}.toEqual(`, ')', 2)}\n`
}

function inTemplate(text: string): string {
  return text.replaceAll(/[\\`]|\$\{/g, (found) => `\\${found}`)
}
