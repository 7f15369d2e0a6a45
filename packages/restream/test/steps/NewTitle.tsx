import { useStore } from '@rivulet/react'
import { HarbourDef } from './rivulet/harbour.ts'

export function NewTitle() {
  const title = useStore(HarbourDef, 'title')
  return <h1>{title}</h1>
}
