/** The parts of the overlay, as a test reaches for them; all are in its shadow root. */
export function overlayOf(root: Document = document) {
  const host = root.querySelector('rivulet-overlay')
  const find = (selector: string): HTMLElement => {
    const found = host?.shadowRoot?.querySelector<HTMLElement>(selector)
    if (found === null || found === undefined) throw new Error(`the overlay has no ${selector}`)
    return found
  }
  return {
    host: host as HTMLElement,
    button: () => find('.open'),
    dock: () => find('.dock'),
    grip: () => find('.grip'),
    turn: () => find('.head button'),
    close: () => find('[aria-label=Close]'),
    panel: () => host?.shadowRoot?.querySelector<HTMLElement>('rivulet-devtools') ?? null,
    active: () => host?.shadowRoot?.activeElement ?? null,
  }
}

export type OverlayParts = ReturnType<typeof overlayOf>

/** Every text of the panel, also below shadow roots of its own, and what its menus offer. */
export function textOf(panel: HTMLElement | null): string {
  return panel?.shadowRoot?.textContent ?? ''
}
