const list = String.raw`(\d+(?:, \d+)*(?: and \d+)?)`
const tag = new RegExp(String.raw`^(pitfall|feature)s? ${list}: `)

/**
 * Reads the tags in front of a title: `feature 31: `, `features 31, 32 and 40: `, after or before `pitfall 5: `.
 *
 * @param {string} title
 * @returns {{ rows: number[], text: string }} the rows of the feature list that it shows, and the title without tags
 */
export function featureTags(title) {
  const rows = []
  let text = title
  for (let match = tag.exec(text); match !== null; match = tag.exec(text)) {
    if (match[1] === 'feature') rows.push(...match[2].match(/\d+/g).map(Number))
    text = text.slice(match[0].length)
  }
  return { rows, text }
}
