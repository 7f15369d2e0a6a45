/**
 * How tabs find the one that runs the engine for all (bridge/tabs/follow.ts, engine/tabs/serve-channel.ts). A BroadcastChannel, the *door*, is known to all tabs that share; behind it each
 * follower has a channel of its own (`lineOf`), which carries a tunnel.
 *
 * The follower opens its line, then knocks until the engine says on that line that it is ready, as a worker does. An engine that starts to serve says so at the door: who waits for one knocks again, who followed
 * another one learns that it is no more.
 */
export type DoorMessage =
  /** Follower → engine. The line's name is also the name of a Web Lock which the follower holds as long as it lives. */
  | { readonly rivulet: 'knock'; readonly line: string }
  /** Engine → all. */
  | { readonly rivulet: 'serving' }

/** The message at a door, or undefined for anything else. */
export function asDoorMessage(data: unknown): DoorMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { rivulet, line } = data as { readonly rivulet?: unknown; readonly line?: unknown }
  if (rivulet === 'serving') return { rivulet }
  return rivulet === 'knock' && typeof line === 'string' ? { rivulet, line } : undefined
}
