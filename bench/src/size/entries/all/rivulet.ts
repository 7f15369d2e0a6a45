export * as client from '@rivulet/client'
export * as react from '@rivulet/react'
