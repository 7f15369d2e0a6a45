import { useState, type ReactNode } from 'react'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'

let childRenders = 0

function Child(): ReactNode {
  globalThis.dispatchEvent(new Event('child-render'))
  return <i>child</i>
}

function Parent(): ReactNode {
  const [count, setCount] = useState(0)
  return (
    <>
      <button type="button" onClick={() => setCount(count + 1)}>
        count {count}
      </button>
      <Child />
    </>
  )
}

// React renders a child again with its parent, unless the compiler has memoized the element.
test('React Compiler is on in the project that is named for it, and only there', async ({ task }) => {
  const onRender = (): void => {
    childRenders += 1
  }
  globalThis.addEventListener('child-render', onRender)
  const screen = await render(<Parent />)
  const before = childRenders
  await screen.getByRole('button').click()
  await expect.element(screen.getByText('count 1')).toBeVisible()
  globalThis.removeEventListener('child-render', onRender)
  expect(before).toBeGreaterThan(0)
  expect(childRenders - before).toBe(task.file.projectName?.startsWith('browser-compiler') ? 0 : 1)
})
