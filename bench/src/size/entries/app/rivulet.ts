export { createClient } from '@rivulet/client'
export { RivuletProvider, useConnection, useEvent, useRpc, useStore } from '@rivulet/react'
