import type { Extra } from '../model/schema-model.ts'
import { breaks, type Comparison, remark } from './report.ts'

/** What a schema has by a name on the wire. */
export type Service = 'store' | 'call' | 'event' | 'stream'

const GONE: Readonly<Record<Service, (name: string) => string>> = {
  store: (name) => `${name} is unknown`,
  call: (name) => `${name} is unknown`,
  event: (name) => `${name} never arrives`,
  stream: (name) => `${name} cannot be opened`,
}

/** A store, call, event or stream that only the old schema has. */
export function compareGone(comparison: Comparison, what: Service, name: string): void {
  const effect = GONE[what](name)
  breaks(
    comparison,
    new Set(['down']),
    { old: effect },
    {
      code: `${what}-removed`,
      subject: name,
      message: `the ${what} ${name} is gone`,
      hint: 'Keep it until the last old page is gone.',
    },
  )
}

/** A store, call, event or stream that only the new schema has. */
export function compareNew(comparison: Comparison, what: Service, name: string, at: Extra | undefined): void {
  remark(comparison, 'safe', {
    code: `${what}-added`,
    subject: name,
    message: `the ${what} ${name} is new`,
    hint: 'Update hosts before the pages that use it.',
    at,
  })
}

/** The least access level that a store or call asks for. */
export function compareAccess(
  comparison: Comparison,
  name: string,
  old: number,
  now: number,
  at: Extra | undefined,
): void {
  if (now > old)
    breaks(
      comparison,
      new Set(['down']),
      { old: `viewers of the levels ${old} to ${now - 1} are refused` },
      {
        code: 'access-raised',
        subject: name,
        message: `${name} asked for the access level ${old} and asks for ${now}`,
        hint: 'Make sure that nobody below that level still needs it.',
        at,
      },
    )
  else if (now < old)
    remark(comparison, 'warning', {
      code: 'access-lowered',
      subject: name,
      message: `${name} asked for the access level ${old} and asks for ${now}`,
      hint: 'More viewers see it than before: make sure that this is meant.',
      at,
    })
}
