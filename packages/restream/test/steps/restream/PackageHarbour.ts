export * from '../../emitted/PackageHarbour.ts'
