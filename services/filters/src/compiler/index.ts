export * from './compile-error.js'
export type * from './types.js'
