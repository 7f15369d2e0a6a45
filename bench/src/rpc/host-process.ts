import { answerParent } from '../harness/child.ts'
import { collectGarbage, processorMs } from '../hosts/processor-time.ts'
import { hosts } from './hosts.ts'

answerParent({ start: (contestant: string) => hosts[contestant]?.(), collect: collectGarbage, processorMs })
