export { compileInWorker, createCompileWorkers } from './create-compile-workers.js'
export { createPauseSwitch } from './pause-switch.js'
