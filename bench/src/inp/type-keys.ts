import type { TargetSession } from '../harness/target-session.ts'

/** Between two keys, in milliseconds: never in step with 60 frames a second, so that keys meet every phase of a frame. */
const GAPS = [61, 73, 87, 55, 69]

/** Types into whatever has the focus: real key events, through the browser's own input path. A key does not wait for the one before. */
export async function typeKeys(session: TargetSession, count: number): Promise<void> {
  const pressed: Promise<unknown>[] = []
  for (let i = 0; i < count; i++) {
    const letter = String.fromCharCode(97 + (i % 26))
    const key = { key: letter, code: `Key${letter.toUpperCase()}`, windowsVirtualKeyCode: 65 + (i % 26) }
    pressed.push(
      session.send('Input.dispatchKeyEvent', { type: 'keyDown', text: letter, ...key }),
      session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key }),
    )
    await new Promise((resolve) => setTimeout(resolve, GAPS[i % GAPS.length]))
  }
  await Promise.all(pressed)
  // Event Timing reports after the frame.
  await new Promise((resolve) => setTimeout(resolve, 100))
}
