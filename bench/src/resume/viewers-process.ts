import { answerParent } from '../harness/child.ts'
import { type ReturningViewer, viewers } from './returning-viewers.ts'

let all: ReturningViewer[] = []

answerParent({
  make({ contestant, port, count }: { contestant: string; port: number; count: number }) {
    const make = viewers[contestant]
    if (make === undefined) throw new Error(`there is no viewer of ${contestant}`)
    all = Array.from({ length: count }, () => make(port))
  },
  connect: ({ index, missed }: { index: number; missed: number }) => all[index]?.connect(missed),
  drop: () => all.forEach((one) => one.drop()),
})
