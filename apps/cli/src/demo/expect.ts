/** The demo promises something. @throws Error when it does not hold */
export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Not as promised: ${what}.`)
}
