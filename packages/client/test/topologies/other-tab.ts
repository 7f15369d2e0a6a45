import { expect } from 'vitest'
import type { createClient } from '../../src/index.ts'
import { eventually } from '../support/eventually.ts'

/** What the page of another tab offers: its own copy of the SDK, on its own globals. */
export interface TabApi {
  readonly createClient: typeof createClient
}

/** Another tab of the same origin. */
export interface OtherTab extends TabApi {
  /** Closes it without a word, as a user does. */
  close(): void
}

type TabWindow = Window & { rivuletTab?: TabApi; rivuletFailed?: unknown }

/** Opens one. Its page is blank but for the SDK. */
export async function openTab(): Promise<OtherTab> {
  const page = new URL('./tab-page.ts', import.meta.url).href
  // The text of a module makes a page as good as any, and comes from where all else comes from.
  const opened: TabWindow | null = window.open(page, '_blank')
  if (opened === null) throw new Error('the browser opened no tab')
  await eventually(() => expect([opened.location.href, opened.document.readyState]).toEqual([page, 'complete']))
  // Vitest has every dynamic import ask this, which its own pages have.
  Object.assign(opened, { __vitest_browser_runner__: { wrapDynamicImport: (load: () => unknown) => load() } })
  const script = opened.document.createElement('script')
  script.type = 'module'
  script.src = page
  const failed = new Promise<never>((_, reject) => {
    script.addEventListener('error', () => reject(new Error('the page of the other tab could not be loaded')))
  })
  const loaded = new Promise<void>((done) => script.addEventListener('load', () => done()))
  opened.document.head.append(script)
  await Promise.race([loaded, failed])
  const { rivuletTab } = opened
  if (rivuletTab === undefined) throw new Error('the page of the other tab has not run')
  return { createClient: rivuletTab.createClient, close: () => opened.close() }
}
