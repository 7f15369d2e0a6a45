// What an audio worklet's global scope has; TypeScript's DOM library leaves it out.

declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
}

declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void
