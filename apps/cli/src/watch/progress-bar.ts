import { fitColumns } from '../text/columns.js'
import type { Colors } from '../text/colors.js'

const WIDEST_BAR = 30
const NARROWEST_BAR = 8

/** How far a job is, on one line. */
export class ProgressBar {
  readonly #name: string
  readonly #colors: Colors
  #percent = 0
  #message = ''

  constructor(name: string, colors: Colors) {
    this.#name = name
    this.#colors = colors
  }

  get percent(): number {
    return this.#percent
  }

  /** What is left out stays as it was. @param percent 0 to 100 */
  set(percent: number | undefined, message: string | undefined): void {
    if (percent !== undefined) this.#percent = Math.min(100, Math.max(0, Math.floor(percent)))
    if (message !== undefined) this.#message = message
  }

  /** The line, at most so many columns wide but for its colours. */
  draw(columns: number): string {
    const room = columns - 1
    const percent = `${this.#percent}%`.padStart(4)
    const barWidth = Math.min(WIDEST_BAR, Math.floor(room / 3), room - this.#name.length - percent.length - 2)
    if (barWidth < NARROWEST_BAR) return fitColumns(`${percent.trim()} ${this.#message}`, room)
    const filled = Math.round((barWidth * this.#percent) / 100)
    const bar = `${this.#colors.cyan('█'.repeat(filled))}${this.#colors.dim('░'.repeat(barWidth - filled))}`
    const message = fitColumns(this.#message, room - this.#name.length - barWidth - percent.length - 3)
    return `${this.#colors.bold(this.#name)} ${bar}${percent} ${message}`
  }
}
