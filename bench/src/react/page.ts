import { reactScenarios } from './scenarios.ts'

// What the benchmark calls once the page has loaded.
Object.assign(globalThis, { reactScenarios })
