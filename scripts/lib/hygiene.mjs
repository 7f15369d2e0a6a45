import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const rules = [
  {
    what: 'a package registry or mirror',
    pattern:
      /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.\w+|\bhttps?:\/\/[\w.-]*\b(?:registry|artifactory|nexus|verdaccio|mirrors?|goproxy)\b[\w-]*\.[\w.-]+/i,
  },
  { what: "a package's download address in a lockfile", pattern: /"resolved": "(?:https?|git)[:+]/ },
  {
    what: 'a path of one machine',
    // Not after a word, dot, dash or slash: there it is part of a URL or of a relative path.
    pattern: /(?<![\w.\-/~*})\]])\/(?:work|tmp|root|home\/[\w-]+|Users\/[\w-]+)(?![\w-])|\b[A-Z]:\\+Users\\/,
  },
]

function listFiles(root) {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return [...new Set(output.split('\0'))].filter((name) => name !== '' && isFile(join(root, name)))
}

// A tracked file may be deleted in the working tree, and a tracked link may point at a folder.
function isFile(path) {
  return existsSync(path) && statSync(path).isFile()
}

/**
 * Lines of the repository's text files that name a registry or a path of somebody's machine, as `file:line what: text`.
 *
 * @param {string} root the repository's folder; must be a git work tree
 * @returns {string[]}
 */
export function hygieneViolations(root) {
  return listFiles(root).flatMap((name) => {
    const bytes = readFileSync(join(root, name))
    if (bytes.subarray(0, 8000).includes(0)) return []
    return bytes
      .toString('utf8')
      .split('\n')
      .flatMap((line, index) =>
        rules
          .map(({ what, pattern }) => ({ what, match: pattern.exec(line) }))
          .filter(({ match }) => match !== null)
          .map(
            ({ what, match }) => `${name}:${index + 1} ${what}: ${line.slice(match.index, match.index + 60).trim()}`,
          ),
      )
  })
}
