import { RivuletProvider } from '@rivulet/react'
import { createRoot } from 'react-dom/client'
import { NewTitle } from './NewTitle.tsx'
import { OldTitle } from './OldTitle.tsx'
import { rss } from './socket.ts'

createRoot(document.body).render(
  <RivuletProvider client={rss.client}>
    <OldTitle />
    <NewTitle />
  </RivuletProvider>,
)
