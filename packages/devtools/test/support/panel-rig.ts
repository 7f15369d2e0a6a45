import { lateParts } from '../../src/panel/late-parts.ts'
import { definePanel, type PanelElement } from '../../src/panel/panel-element.ts'
import { eventually } from './eventually.ts'
import { createFakeAgent, type FakeAgent, type FakeClient } from './fake-agent.ts'

/** A panel on the test's page, with an agent that a script moves. */
export interface PanelRig {
  readonly panel: PanelElement
  readonly root: ShadowRoot
  readonly agent: FakeAgent
  readonly client: FakeClient
  /** The first element of this role whose accessible name, or text, has `name` in it. Throws when there is none. */
  role(role: string, name?: string | RegExp): HTMLElement
  roles(role: string, name?: string | RegExp): readonly HTMLElement[]
  /** A row of the tree, by its name. */
  row(name: string): HTMLElement
  /** Presses a key where the focus is. */
  press(key: string, options?: KeyboardEventInit): void
  end(): void
}

const SELECTORS: Readonly<Record<string, string>> = {
  button: 'button:not([role])',
  textbox: 'input,textarea',
  combobox: 'select',
}

/** Opens a panel, attached to a client called `harbour`. */
export async function openPanel(tab?: string): Promise<PanelRig> {
  localStorage.clear()
  if (tab !== undefined) localStorage.setItem('rivulet.devtools.panel', JSON.stringify({ tab }))
  definePanel(lateParts)
  const agent = createFakeAgent()
  const panel = document.createElement('rivulet-devtools') as PanelElement
  // Room for every row that a test looks for.
  panel.style.height = '1600px'
  panel.transport = agent.transport
  document.body.append(panel)
  const client = agent.add({ id: 'harbour', page: 'Harbour' })
  agent.greet()
  const root = panel.shadowRoot as ShadowRoot
  await eventually(() => {
    if (!client.attached) throw new Error('not attached yet')
  })
  const roles = (role: string, name: string | RegExp = ''): readonly HTMLElement[] =>
    [...root.querySelectorAll<HTMLElement>(SELECTORS[role] ?? `[role=${role}]`)].filter((element) => {
      if (element.closest('[hidden]') !== null) return false
      const label = element.ariaLabel ?? element.textContent ?? ''
      return typeof name === 'string' ? label.includes(name) : name.test(label)
    })
  return {
    panel,
    root,
    agent,
    client,
    roles,
    role(role, name) {
      const found = roles(role, name)[0]
      if (found === undefined) throw new Error(`there is no ${role} ${String(name ?? '')}: ${root.textContent}`)
      return found
    },
    row(name) {
      const rows = [...root.querySelectorAll<HTMLElement>('.rv-tree-row')]
      const found = rows.find((row) => !row.hidden && row.querySelector('.rv-name')?.textContent === name)
      if (found === undefined) throw new Error(`there is no row ${name}: ${root.textContent}`)
      return found
    },
    press(key, options) {
      const at = root.activeElement ?? panel
      at.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...options }),
      )
    },
    end() {
      panel.remove()
      agent.close()
    },
  }
}
