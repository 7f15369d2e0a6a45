import { isRivuletError } from '@rivulet/client'
import { useRpc } from '@rivulet/react'
import { useState, type ReactNode } from 'react'
import { Rename } from '../studio/schema.ts'
import type { Self } from '../studio/self.ts'

const TIMEOUT_MS = 5000

/** What this page is called. */
export function NameField({ self }: { readonly self: Self }): ReactNode {
  const rename = useRpc(Rename)
  const [name, setName] = useState(self.name)
  const [problem, setProblem] = useState('')

  const save = async (): Promise<void> => {
    if (name.trim() === self.name) return
    try {
      await rename({ name }, { timeoutMs: TIMEOUT_MS })
      self.rename(name.trim())
      setProblem('')
    } catch (error) {
      setProblem(isRivuletError(error) ? error.what : String(error))
    }
  }

  return (
    <form
      className="name"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <label>
        Name
        <input
          value={name}
          maxLength={40}
          autoComplete="off"
          onChange={({ target }) => setName(target.value)}
          onBlur={() => void save()}
        />
      </label>
      <p className="notice" role="alert">
        {problem}
      </p>
    </form>
  )
}
