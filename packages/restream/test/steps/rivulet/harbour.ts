export * from '../../support/harbour-schema.ts'
