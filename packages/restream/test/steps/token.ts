export const token = (): string => 'secret'
