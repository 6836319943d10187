/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What may happen to a message: nothing; it and what follows is cut off, before it or within it; it comes twice, later than others, late; or nothing comes any more. */
export type Harm = 'none' | 'cut' | 'half' | 'twice' | 'later' | 'late' | 'silence'
const HARMS: readonly Harm[] = ['cut', 'half', 'twice', 'later', 'late', 'silence']

/** How bad a network is: which harm comes next. It is bad for so long only, so that everything arrives in the end. */
export class Weather {
  readonly random: () => number
  readonly #chance: number
  #left: number
  /** So many came to harm. */
  harms = 0

  /**
   * @param chance that a message comes to harm: 0 to 1
   * @param most so many come to harm
   */
  constructor(seed: number, chance: number, most: number) {
    this.random = seededRandom(seed)
    this.#chance = chance
    this.#left = most
  }

  /** Whether something that has this share of the harm happens now. */
  strikes(share = 1): boolean {
    if (this.#left <= 0 || this.random() >= this.#chance * share) return false
    this.#left -= 1
    this.harms += 1
    return true
  }

  harm(): Harm {
    return this.strikes() ? (HARMS[Math.floor(this.random() * HARMS.length)] ?? 'none') : 'none'
  }

  /** A short time, in milliseconds. */
  moment(): number {
    return Math.ceil(this.random() * 12)
  }
}

/** Where messages go. */
export interface Outlet {
  send(text: string): void
  /** Only the beginning of it, and then no more. */
  half(text: string): void
  cut(): void
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Messages on their way through bad weather. */
export class HarmedMessages {
  readonly #weather: Weather
  readonly #outlet: Outlet
  #way = Promise.resolve()
  readonly #held: string[] = []
  #isSilent = false

  constructor(weather: Weather, outlet: Outlet) {
    this.#weather = weather
    this.#outlet = outlet
  }

  push(text: string): void {
    this.#way = this.#way.then(() => this.#pass(text))
  }

  /** Does something when all that was pushed is through; not at all where nothing comes through any more. */
  afterAll(run: () => void): void {
    this.#way = this.#way.then(() => {
      if (this.#isSilent) return
      this.#release()
      run()
    })
  }

  async #pass(text: string): Promise<void> {
    if (this.#isSilent) return
    const harm = this.#weather.harm()
    if (harm === 'silence') this.#isSilent = true
    if (harm === 'cut') this.#outlet.cut()
    if (harm === 'half') this.#outlet.half(text)
    if (harm === 'late') await sleep(this.#weather.moment())
    if (harm === 'later') {
      this.#held.push(text)
      // There may be nothing after it.
      setTimeout(() => this.#release(), this.#weather.moment())
      return
    }
    if (harm === 'none' || harm === 'twice' || harm === 'late') this.#outlet.send(text)
    if (harm === 'twice') this.#outlet.send(text)
    if (this.#weather.random() < 0.5) this.#release()
  }

  #release(): void {
    if (this.#isSilent) return
    for (const text of this.#held.splice(0).toReversed()) this.#outlet.send(text)
  }
}
