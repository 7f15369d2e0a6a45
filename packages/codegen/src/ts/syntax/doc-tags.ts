import type { SourcePlace } from '../../model/schema-model.ts'
import type { TsFile } from './ts-file.ts'

/** One tag of a doc comment that is for the generator. */
export interface DocTag {
  /** `restream.store`, `id`, … */
  readonly word: string
  /** What stands in parentheses directly behind it; undefined without them. */
  readonly argument: string | undefined
  /** The word behind it; `''` without one. */
  readonly value: string
  readonly at: SourcePlace
}

/** What a doc comment says. */
export interface Doc {
  readonly tags: readonly DocTag[]
  /** Without comment marks and the generator's tags; undefined when nothing is left. */
  readonly text: string | undefined
}

const NOTHING: Doc = { tags: [], text: undefined }

// Not within a word (an address), behind another tag's sign, in code or in a link.
const TAG =
  /(?<![\w@`{])@(?:(restream\.\w*)[ \t]*(?:\(([^()]*)\))?|(id|was|name|access|kind)\b(?:[ \t]+((?!\*\/|@)[^\s*@]+))?)/g

/** Reads the doc comment directly above what starts at `start`. */
export function docOf(file: TsFile, start: number): Doc {
  const comment = file.docAbove(start)
  if (comment === undefined) return NOTHING
  // `value` begins behind the comment's two first characters.
  const offset = comment.start + 2
  const tags = [...comment.value.matchAll(TAG)].map((match): DocTag => {
    const [, annotation, argument, short, value = ''] = match
    return { word: annotation ?? short ?? '', argument, value, at: file.placeAt(offset + match.index) }
  })
  const text = comment.value
    .slice(1)
    .replaceAll(TAG, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim()
  return { tags, text: text === '' ? undefined : text }
}
