import type { Recording } from '../../../recording/recording.ts'
import type { ClientModel } from '../../client-model.ts'
import { copyText } from '../../copy-text.ts'
import { h } from '../../h.ts'
import type * as files from './files.ts'

/** What is loaded for it. */
export type Files = typeof files

/** Buttons that take a recording out of the panel and into it. */
export interface Transfer {
  readonly buttons: readonly HTMLElement[]
  /** The form for a recording that is pasted; hidden at first. */
  readonly form: HTMLElement
}

/** Makes them. `recording` is asked for when one is wanted; `moment` is one to assert in a test; `opened` gets what was imported, `failed` why something did not work. */
export function createTransfer(options: {
  readonly files: () => Promise<Files>
  readonly recording: () => Recording | undefined
  readonly moment: () => number | undefined
  readonly opened: (recording: Recording, model: ClientModel) => void
  readonly failed: (error: unknown) => void
}): Transfer {
  const { files: load, recording, moment, opened, failed } = options
  /** Whatever goes wrong is shown, also that the code does not come. */
  const withFiles = (act: (files: Files) => void | Promise<void>): void => {
    load().then(act).catch(failed)
  }
  const button = (
    label: string,
    title: string,
    act: (files: Files, it: Recording, button: HTMLElement) => void | Promise<void>,
  ): HTMLElement => {
    const made = h('button', { title }, label)
    made.addEventListener('click', () => {
      const it = recording()
      if (it !== undefined) withFiles((files) => act(files, it, made))
    })
    return made
  }
  const open = ({ readRecording, createRecordedModel }: Files, text: string): void => {
    const read = readRecording(text)
    opened(read, createRecordedModel(read))
    form.hidden = true
    area.value = ''
  }

  const file = h('input', {
    type: 'file',
    accept: '.rsrec,application/json,text/plain',
    'aria-label': 'Recording file',
  })
  file.addEventListener('change', () => {
    const chosen = file.files?.[0]
    if (chosen === undefined) return
    withFiles(async (files) => {
      // Before it is in memory; a character has at most three bytes.
      if (chosen.size > files.MAX_RECORDING_LENGTH * 3) throw new Error('the file is too large for a recording')
      open(files, await chosen.text())
      file.value = ''
    })
  })
  const area = h('textarea', {
    'aria-label': 'Recording as text',
    placeholder: 'Paste a recording here',
    spellcheck: false,
  })
  const form = h(
    'div',
    { class: 'rv-paste' },
    file,
    area,
    h('div', {}, h('button', { onclick: () => withFiles((files) => open(files, area.value)) }, 'Open')),
  )
  form.hidden = true
  const importButton = h('button', { 'aria-expanded': 'false', title: 'Opens a recording' }, 'Import…')
  importButton.addEventListener('click', () => {
    form.hidden = !form.hidden
    importButton.ariaExpanded = String(!form.hidden)
    if (!form.hidden) area.focus()
  })

  return {
    buttons: [
      button('Export', 'Saves the recording as a file', ({ encodeRecording }, it) =>
        save(nameOf(it), encodeRecording(it)),
      ),
      importButton,
      button('Copy', 'Copies the recording as text', ({ encodeRecording }, it, pressed) =>
        copyText(pressed, encodeRecording(it)),
      ),
      button(
        'Copy as test',
        'Copies a Vitest file that replays the recording and asserts the states at its end and at this moment; a recording too large to stand in it is saved as a file',
        ({ copyAsTest }, it, pressed) => {
          const at = moment()
          const name = nameOf(it)
          const made = copyAsTest(it, { file: name, moments: at === undefined ? [] : [at] })
          if (made.recording !== null) save(name, made.recording)
          return copyText(pressed, made.test)
        },
      ),
    ],
    form,
  }
}

function nameOf({ info }: Recording): string {
  const time = new Date(info.taken ?? 0).toISOString().slice(0, 19).replaceAll(':', '-')
  return `rivulet-${time}.rsrec`
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = h('a', { href: url, download: name })
  link.click()
  // The browser has taken the address by the next task.
  setTimeout(() => URL.revokeObjectURL(url))
}
