export * from 'convex/react'
