/** Says what has come of a job: on the standard output, unless that is for events. */
export function say(text: string, { json }: { readonly json?: boolean }): void {
  const stream = json === true ? process.stderr : process.stdout
  stream.write(`${text}\n`)
}
