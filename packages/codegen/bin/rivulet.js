#!/usr/bin/env node
import { main } from '@rivulet/codegen/cli'

await main()
