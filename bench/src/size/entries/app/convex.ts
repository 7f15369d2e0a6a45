export { ConvexProvider, ConvexReactClient, useAction, useMutation, useQuery } from 'convex/react'
