import { encodeRecording } from '../../../recording/encode-recording.ts'
import { MAX_RECORDING_LENGTH, readRecording } from '../../../recording/read-recording.ts'
import type { Recording } from '../../../recording/recording.ts'
import { copyAsTest } from '../../../recording/test-source/copy-as-test.ts'
import { copyText } from '../../copy-text.ts'
import { h } from '../../h.ts'

/** Buttons that take a recording out of the panel and into it. */
export interface Transfer {
  readonly buttons: readonly HTMLElement[]
  /** The form for a recording that is pasted; hidden at first. */
  readonly form: HTMLElement
}

/** Makes them. `recording` is asked for when one is wanted; `moment` is one to assert in a test; `opened` gets what was imported, `failed` why something did not work. */
export function createTransfer(options: {
  readonly recording: () => Recording | undefined
  readonly moment: () => number | undefined
  readonly opened: (recording: Recording) => void
  readonly failed: (error: unknown) => void
}): Transfer {
  const { recording, moment, opened, failed } = options
  const attempt = (act: () => void): void => {
    try {
      act()
    } catch (e) {
      failed(e)
    }
  }
  /** For listeners of buttons: what goes wrong is shown. */
  const withRecording =
    (act: (it: Recording, button: HTMLElement) => void) =>
    (event: Event): void => {
      const it = recording()
      if (it !== undefined) attempt(() => act(it, event.currentTarget as HTMLElement))
    }
  const open = (text: string): void =>
    attempt(() => {
      opened(readRecording(text))
      form.hidden = true
      area.value = ''
    })

  const file = h('input', {
    type: 'file',
    accept: '.rsrec,application/json,text/plain',
    'aria-label': 'Recording file',
  })
  file.addEventListener('change', () => {
    const chosen = file.files?.[0]
    if (chosen === undefined) return
    // Before it is in memory.
    if (chosen.size > MAX_RECORDING_LENGTH * 2) failed(new Error('the file is too large for a recording'))
    else chosen.text().then(open, failed)
    file.value = ''
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
    h('div', {}, h('button', { onclick: () => open(area.value) }, 'Open')),
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
      h(
        'button',
        {
          title: 'Saves the recording as a file',
          onclick: withRecording((it) => save(nameOf(it, 'rsrec'), encodeRecording(it))),
        },
        'Export',
      ),
      importButton,
      h(
        'button',
        {
          title: 'Copies the recording as text',
          onclick: withRecording((it, button) => void copyText(button, encodeRecording(it))),
        },
        'Copy',
      ),
      h(
        'button',
        {
          title:
            'Copies a Vitest file that replays the recording and asserts the states at its end and at this moment; a recording too large to stand in it is saved as a file',
          onclick: withRecording((it, button) => {
            const at = moment()
            const name = nameOf(it, 'rsrec')
            const made = copyAsTest(it, { file: name, moments: at === undefined ? [] : [at] })
            if (made.recording !== null) save(name, made.recording)
            void copyText(button, made.test)
          }),
        },
        'Copy as test',
      ),
    ],
    form,
  }
}

function nameOf({ info }: Recording, end: string): string {
  const time = new Date(info.taken ?? 0).toISOString().slice(0, 19).replaceAll(':', '-')
  return `rivulet-${time}.${end}`
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = h('a', { href: url, download: name })
  link.click()
  // The browser has taken the address by the next task.
  setTimeout(() => URL.revokeObjectURL(url))
}
