import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A process of its own that answers questions. */
export interface Child {
  /** Asks; arguments and answers are JSON. Rejects with the process's error, and when it ends. */
  ask<T>(name: string, argument?: unknown): Promise<T>
  close(): Promise<void>
}

interface Question {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

/** Starts `entry` (a file URL) with the flags of this process. What it prints goes to the other stream, so that tables stay alone. */
export function startChild(entry: URL, args: readonly string[] = []): Child {
  const child = fork(fileURLToPath(entry), args, { stdio: ['ignore', 2, 2, 'ipc'] })
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let asked = 0
  let over: Error | null = null

  child.on('message', ({ id, value, error }: Answer) => {
    const waiting = pending.get(id)
    pending.delete(id)
    if (error === undefined) waiting?.resolve(value)
    else waiting?.reject(new Error(error))
  })
  const ended = new Promise<void>((resolve) => {
    const end = (why: string): void => {
      over ??= new Error(`${args.join(' ')}: the process ${why}`)
      for (const waiting of pending.values()) waiting.reject(over)
      pending.clear()
      resolve()
    }
    child.once('exit', (code, signal) => end(`ended with ${signal ?? code}`))
    child.once('error', (error) => end(`could not be started: ${error.message}`))
  })

  return {
    ask<T>(name: string, argument?: unknown) {
      if (over !== null) return Promise.reject(over)
      const question: Question = { id: ++asked, name, argument }
      return new Promise<T>((resolve, reject) => {
        pending.set(question.id, { resolve, reject })
        child.send(question)
      })
    },
    close() {
      // It ends by itself then, in order: with a profile, where Node was asked for one.
      if (child.connected) child.disconnect()
      return ended
    },
  }
}

/** In the child: answers the parent's questions, and ends with it. */
export function answerParent(answers: Readonly<Record<string, (argument: never) => unknown>>): void {
  const reply = (answer: Answer): void => void process.send?.(answer)
  process.on('message', async ({ id, name, argument }: Question) => {
    try {
      const answer = answers[name]
      if (answer === undefined) throw new Error(`nobody answers ${name}`)
      reply({ id, value: await answer(argument as never) })
    } catch (error) {
      reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.once('disconnect', () => process.exit())
}
