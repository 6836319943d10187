// Creates a task and follows it to its end: every line as it is printed, every step of progress.
//
//   export API_URL=http://localhost:3000
//   export API_KEY=your-api-key
//   node examples/sse-client-example.js v885 check-integrity
//
// Exit codes: 0 the task completed, 1 it did not, or the server can't be reached or refuses.
import { EventSource } from 'eventsource'

const apiUrl = (process.env.API_URL ?? 'http://localhost:3000').replace(/\/+$/, '')
const apiKey = process.env.API_KEY ?? ''
const [version = 'v885', type = 'check-integrity'] = process.argv.slice(2)

/** EventSource can set no header, but it takes a fetch that does. It comes back by itself, with the id of the last message that it has. */
const fetchWithKey = (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'X-API-Key': apiKey } })

try {
  console.log(`API URL: ${apiUrl}`)
  console.log(`Task type: ${type}`)
  console.log(`Version: ${version}`)
  const { taskId, streamUrl } = await createTask()
  console.log(`Task created: ${taskId}`)
  console.log(`Stream URL: ${streamUrl}`)
  const task = await follow(streamUrl)
  if (task.status !== 'completed') throw new Error(`Task ${task.status}${task.error ? `: ${task.error}` : ''}`)
  console.log('Task completed')
} catch (error) {
  const { cause } = error
  console.error(cause === undefined ? error.message : `The server can't be reached: ${cause.code ?? cause.message}`)
  process.exitCode = 1
}

/** Asks for the task. The answer comes at once. */
async function createTask() {
  const response = await fetchWithKey(`${apiUrl}/api/tasks/${encodeURIComponent(type)}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`The task was not created: ${answer.detail ?? answer.title}`)
  return answer
}

/** Prints what the stream says. @returns the task at its end */
function follow(streamUrl) {
  return new Promise((resolve, reject) => {
    const stream = new EventSource(streamUrl, { fetch: fetchWithKey })
    let task = {}
    stream.addEventListener('message', ({ data }) => {
      const message = JSON.parse(data)
      switch (message.type) {
        case 'connected':
          task = message.task
          console.log(`Connection established: status ${task.status}, progress ${task.progress}%`)
          break
        case 'log':
          console.log(`[${new Date(message.log.timestamp).toTimeString().slice(0, 8)}] ${message.log.message}`)
          break
        case 'update':
          task = showUpdate(task, message.task)
          break
        case 'end':
          stream.close()
          resolve(task)
          break
        default:
        // Kinds of messages that later versions may add.
      }
    })
    stream.addEventListener('error', ({ code, message }) => {
      if (stream.readyState === EventSource.CLOSED) reject(new Error(`The stream was refused: ${message ?? code}`))
      else console.error('The connection broke; coming back.')
    })
  })
}

/** Updates come several times a second, with the latest lines. What they change is shown. @returns the task as it is now */
function showUpdate(before, update) {
  const task = { ...before, ...update }
  if (task.status !== before.status || task.progress !== before.progress) {
    console.log(`Update: status ${task.status}, progress ${task.progress}%`)
  }
  return task
}
