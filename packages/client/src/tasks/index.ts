export { runTask } from './run-task.js'
export type { FinishedTask, RunTaskOptions, TaskMessage, TaskParameters } from './run-task.js'
export type { RequestOptions } from '../sse/ask-with.js'
export type { Run } from '../sse/run.js'
