import { isRivuletError } from '@rivulet/client'
import { useRpc } from '@rivulet/react'
import { Rename as RenameCall } from './rivulet/harbour.ts'

export function Rename({ id }: { id: string }) {
  const rename = useRpc(RenameCall)
  const clear = async () => {
    try {
      await rename({ id, boat: null })
    } catch (error) {
      if (isRivuletError(error) && error.code === 'rpc') console.warn(error.what)
    }
  }
  return <button onClick={() => void clear()}>clear</button>
}
