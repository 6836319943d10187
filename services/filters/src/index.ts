export { CompileError } from './compiler/index.js'
