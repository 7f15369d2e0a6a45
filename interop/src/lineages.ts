import type { RecordedStep, Recording } from './recording.ts'

interface Attach {
  readonly sessionID: string
}

interface Auth {
  readonly owner?: string
  readonly scope?: string
}

/** Which recorded connections are one client of ours that came back: by connection, the first connection of that client. */
export type Lineages = ReadonlyMap<string, string>

/**
 * Follows the session ids. Left out are connections that no client of ours can make: with somebody else's session id, or with one that it has given up
 * (closed by itself, or refused once). Those are played against the host, where their side is ours.
 */
export function lineagesOf({ steps }: Recording): Lineages {
  const lineages = new Map<string, string>()
  const holder = new Map<string, string>()
  const over = new Set<string>()
  const auths = new Map<string, Auth>()
  for (const step of steps) {
    const { conn } = step
    if (conn === undefined) continue
    if (step.event === '$connect') auths.set(conn, (step.json as { readonly auth: Auth }).auth)
    else if (step.event === 'viewersessionclose') over.add((step.json as Attach).sessionID)
    else if (step.event === 'viewersessionattach' && !lineages.has(conn)) {
      const { sessionID } = step.json as Attach
      const root = sessionID === '' ? conn : holder.get(sessionID)
      if (root === undefined || over.has(sessionID) || !isSame(auths.get(conn), auths.get(root))) continue
      lineages.set(conn, root)
      if (sessionID !== '' && !isResumed(steps, step)) over.add(sessionID)
    } else if (step.event === 'viewersessionattached') {
      const { sessionID } = step.json as Attach
      const root = lineages.get(conn)
      if (sessionID !== '' && root !== undefined) holder.set(sessionID, root)
    }
  }
  return lineages
}

function isSame(a: Auth = {}, b: Auth = {}): boolean {
  return a.owner === b.owner && a.scope === b.scope
}

function isResumed(steps: readonly RecordedStep[], attach: RecordedStep): boolean {
  const answer = steps
    .slice(steps.indexOf(attach))
    .find((step) => step.conn === attach.conn && step.event === 'viewersessionattached')
  return (answer?.json as { readonly resumed?: boolean } | undefined)?.resumed === true
}
