export { compileStream } from './compile-stream.js'
export type { CompiledList, CompileEvent, CompileOptions, FilterConfiguration } from './compile-stream.js'
export type { RequestOptions } from '../sse/ask-with.js'
export type { Run } from '../sse/run.js'
