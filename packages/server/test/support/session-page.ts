import type { SessionEvent, SessionOptions } from '../../src/index.ts'
import { type NotesHost, notesHost } from './notes-host.ts'

type Page = Awaited<ReturnType<NotesHost['page']>>
type Body = Readonly<Record<string, unknown>>

/** Subscriptions that a page lists when it attaches. */
interface Wishes {
  readonly stores?: readonly (readonly [store: string, key: string])[]
  readonly events?: readonly (readonly [store: string, event: string, key: string])[]
  readonly streams?: readonly (readonly [id: string, store: string, stream: string, key: string])[]
}

/** A page with what a session needs. */
export interface SessionPage extends Page {
  /** Attaches, and returns what the host answered. */
  attach(sessionID?: string, wishes?: Wishes): Promise<Body>
  /** The connection dies without a word. */
  drop(): void
}

/** A host with sessions; a page's owner and level are what its `auth` says. */
export async function sessionHost(
  sessions: Partial<SessionOptions> = {},
  options: Parameters<typeof notesHost>[0] = {},
): Promise<Omit<NotesHost, 'page'> & { readonly life: SessionEvent[]; page(auth?: object): Promise<SessionPage> }> {
  const life: SessionEvent[] = []
  const app = await notesHost({
    ...options,
    sessions: {
      identify: ({ auth }) => ({
        ownerID: typeof auth['owner'] === 'string' ? auth['owner'] : 'ann',
        scopeID: 'scope',
        accessLevel: Number(auth['level'] ?? 0),
      }),
      onLifecycle: (event) => life.push(event),
      ...sessions,
    },
  })
  return { ...app, life, page: async (auth = {}) => withSession(await app.page({ auth: { ...auth } })) }
}

function withSession(page: Page): SessionPage {
  let attaches = 0
  return {
    ...page,
    async attach(sessionID = '', wishes = {}) {
      page.socket.emit('viewersessionattach', manifestOf(sessionID, wishes))
      return (await page.messages('viewersessionattached', ++attaches)).at(-1) as Body
    },
    drop() {
      ;(page.socket.io.engine.transport as unknown as { readonly ws: { terminate(): void } }).ws.terminate()
    },
  }
}

/** A `viewersessionattach` message. */
export function manifestOf(sessionID: string, { stores = [], events = [], streams = [] }: Wishes): Body {
  return {
    sessionID,
    storeSubscriptions: stores.map(([storeName, key]) => ({ storeName, key })),
    keyedEventSubscriptions: events.map(([storeName, eventName, key]) => ({ storeName, eventName, action: 0, key })),
    dataStreamSubscriptions: streams.map(([subscriptionID, storeName, streamName, key]) => ({
      subscriptionID,
      storeName,
      streamName,
      key,
    })),
  }
}
