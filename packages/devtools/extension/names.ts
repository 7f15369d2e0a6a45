/**
 * How the parts of the extension find each other. One *line* joins one panel to one page: panel ⇄ service worker ⇄ relay (the page's isolated world) ⇄ agent (the page's own world). What passes is text, which
 * the parts between do not read.
 */

/** The port that a panel opens; followed by the number of its tab. */
export const PANEL_PORT = 'rivulet:panel:'

/** The port that a relay opens; followed by the line's id. */
export const PAGE_PORT = 'rivulet:page:'

/** Service worker → relay: open a line. */
export interface OpenLine {
  readonly type: 'rivulet:line'
  readonly id: string
}

/** Relay → agent, by `window.postMessage`, with the port on which text passes; `null` on it ends the line. */
export const AGENT_LINE = 'rivulet:agent-line'

/** Service worker → panel, beside text: the page answers; it has gone, and is waited for; it cannot be looked into. */
export type LineNews =
  | { readonly type: 'open' }
  | { readonly type: 'gone' }
  | { readonly type: 'refused'; readonly why: string }

/** Panel → service worker, beside text: a browser ends a service worker that hears nothing for half a minute. */
export interface Ping {
  readonly type: 'ping'
}
