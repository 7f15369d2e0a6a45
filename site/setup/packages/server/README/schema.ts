export * from '#demo/game/schema.ts'
