export { compileInWorker, createCompileWorkers, WAITING_PHASE } from './create-compile-workers.js'
export { createPauseSwitch } from './pause-switch.js'
