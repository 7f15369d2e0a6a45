import type { Subject } from './formats.ts'
import type { Shown, Viewer } from './viewer.ts'
import { watched } from './viewer.ts'
import { viewers } from './viewers/all.ts'
import { sharing } from './viewers/sharing.ts'

const shown: (number | null)[] = watched.map(() => null)
let cells: readonly HTMLElement[] = []
let goal: Shown | undefined
let reached: (() => void) | undefined

function check(): void {
  if (goal === undefined || !goal.every((x, row) => shown[row] === x)) return
  goal = undefined
  reached?.()
}

function show(row: number, x: number): void {
  shown[row] = x
  const cell = cells[row]
  if (cell !== undefined) cell.textContent = String(x)
  // Nobody looks closer before the last message may be in.
  if (goal !== undefined && goal[row] === x) check()
}

/** What the page is told to do. */
interface Start {
  readonly name: string
  readonly subject: Subject
  readonly draw: boolean
}

/** Starts a viewer by name; with `draw`, what it shows is put on the page. */
async function startViewer({ name, subject, draw }: Start): Promise<void> {
  if (draw) {
    cells = watched.map(() => document.createElement('p'))
    document.body.append(...cells)
  }

  const viewer: Viewer | undefined = [...viewers, ...sharing].find((one) => one.name === name)
  if (viewer === undefined) throw new Error(`There is no viewer ${name}.`)
  await viewer.start(location.origin, subject, show)
}

/** Resolves once every watched row shows these values; rejects when that takes longer than 20 s. */
function untilShown(values: Shown): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The page shows ${String(shown)}, not ${String(values)}.`)), 20_000)
    reached = () => {
      clearTimeout(timer)
      resolve()
    }
    goal = values
    check()
  })
}

/** Whether somebody waits in {@link untilShown}. */
function isAsked(): boolean {
  return goal !== undefined
}

Object.assign(globalThis, { startViewer, untilShown, isAsked })
