/** Characters that nobody can see, or that change how their neighbours look: they stand escaped. */
const UNSEEN = /[\p{C}\p{M}\p{Zl}\p{Zp}\u00a0]|(?! )\p{Zs}/gu

/** A string as a literal in the quotes that need fewer escapes, single ones if equal. */
export function quote(value: string): string {
  const mark = count(value, "'") > count(value, '"') ? '"' : "'"
  const body = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll(mark, `\\${mark}`)
  return mark + body.replace(UNSEEN, escape) + mark
}

function escape(char: string): string {
  return Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join(
    '',
  )
}

function count(value: string, char: string): number {
  return value.split(char).length - 1
}

/** Characters that take two columns. */
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** How many columns a text of one line takes. */
export function widthOf(line: string): number {
  // Nearly all of it is ASCII, where this is the whole work.
  if (/^[\x20-\x7e]*$/.test(line)) return line.length
  let width = 0
  for (const char of line) width += WIDE.test(char) ? 2 : 1
  return width
}
