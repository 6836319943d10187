/** Browsers limit how high an element may be, some at 17 million pixels: rows that would be higher together are scrolled by a smaller element. */
const MAX_HEIGHT = 8_000_000

/** A scroll of more than this many times what is seen is one of the scroll bar: it goes to a place instead of moving a way. */
const FAR = 2

/** How long after the last scroll the bar is put where it belongs, in milliseconds. */
const SETTLE_MS = 200

/**
 * Which of any number of rows of one height are seen, of an element that scrolls. Small moves (wheel, finger, keys) move as many pixels as they say; the
 * scroll bar goes to a share of the whole.
 */
export class ScaledScroll {
  readonly rowHeight: number
  readonly #listeners = new Set<() => void>()
  #element: HTMLElement | undefined
  #count = 0
  #dropped = 0
  #list: object | undefined
  #viewHeight = 0
  #top = 0
  #barTop = 0
  readonly #canStick: boolean
  #sticks: boolean
  #version = 0
  #settle: ReturnType<typeof setTimeout> | undefined

  /** @param sticks whether it stays at the end as rows come, until somebody scrolls away; and again when somebody scrolls there */
  constructor(rowHeight: number, sticks = false) {
    this.rowHeight = rowHeight
    this.#canStick = sticks
    this.#sticks = sticks
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): number => this.#version

  /** Whether it stays at the end. */
  get sticks(): boolean {
    return this.#sticks
  }

  /** How high what is seen is, in pixels. */
  get viewHeight(): number {
    return this.#viewHeight
  }

  /** How high the element inside must be. */
  get height(): number {
    return Math.min(this.#total, MAX_HEIGHT)
  }

  /** The first row that is seen, and how many pixels of it are not. */
  get top(): { readonly row: number; readonly hidden: number } {
    const row = Math.floor(this.#top / this.rowHeight)
    return { row, hidden: this.#top - row * this.rowHeight }
  }

  /** How many rows are seen, in part at least. */
  get rows(): number {
    return Math.ceil(this.#viewHeight / this.rowHeight) + 1
  }

  /** The element that scrolls. @returns what ends it */
  attach(element: HTMLElement): () => void {
    this.#element = element
    const scrolled = (): void => this.#scrolled(element.scrollTop)
    const observer = new ResizeObserver(() => {
      this.#viewHeight = element.clientHeight
      this.#place()
      this.#changed()
    })
    element.addEventListener('scroll', scrolled, { passive: true })
    observer.observe(element)
    this.#viewHeight = element.clientHeight
    return () => {
      element.removeEventListener('scroll', scrolled)
      observer.disconnect()
      clearTimeout(this.#settle)
      this.#element = undefined
    }
  }

  /**
   * How many rows there are now.
   *
   * @param dropped how many went away before the first one
   * @param list whose rows they are: what went away is counted for each list anew
   */
  setCount(count: number, dropped = 0, list?: object): void {
    const gone = list === this.#list ? Math.max(0, dropped - this.#dropped) : 0
    this.#list = list
    this.#dropped = dropped
    if (count === this.#count && gone === 0) return
    this.#count = count
    if (!this.#sticks && gone > 0) this.#top -= gone * this.rowHeight
    this.#place()
    this.#changed()
  }

  /** Stays at the end from now on, or not. */
  stick(sticks: boolean): void {
    this.#sticks = sticks
    this.#place()
    this.#changed()
  }

  /** Moves by rows. */
  moveBy(rows: number): void {
    this.#goTo(this.#top + rows * this.rowHeight)
  }

  /** Moves by what is seen, less one row. */
  movePage(pages: number): void {
    this.moveBy(pages * Math.max(1, Math.floor(this.#viewHeight / this.rowHeight) - 1))
  }

  /** Shows a row in the middle, unless it is seen already. */
  show(row: number): void {
    const at = row * this.rowHeight
    const isSeen = at >= this.#top && at + this.rowHeight <= this.#top + this.#viewHeight
    if (!isSeen) this.#goTo(at - (this.#viewHeight - this.rowHeight) / 2)
  }

  /** Puts a row at the top, as far as there are rows below it. It stays at the end no more. */
  showAtTop(row: number): void {
    this.#top = row * this.rowHeight
    this.#sticks = false
    this.#place()
    this.#changed()
  }

  toStart(): void {
    this.#goTo(0)
  }

  toEnd(): void {
    this.#goTo(this.#maxTop)
  }

  get #total(): number {
    return this.#count * this.rowHeight
  }

  get #maxTop(): number {
    return Math.max(0, this.#total - this.#viewHeight)
  }

  get #maxBarTop(): number {
    return Math.max(0, this.height - this.#viewHeight)
  }

  #goTo(top: number): void {
    this.#top = top
    this.#sticks = top >= this.#maxTop && this.#canStick
    this.#place()
    this.#changed()
  }

  #scrolled(barTop: number): void {
    const moved = barTop - this.#barTop
    // What was set by us, rounded by the browser.
    if (Math.abs(moved) < 1) return
    this.#barTop = barTop
    const isScaled = this.#total > MAX_HEIGHT
    if (barTop <= 0) this.#top = 0
    else if (barTop >= this.#maxBarTop - 1) this.#top = this.#maxTop
    else if (!isScaled) this.#top = barTop
    else if (Math.abs(moved) <= FAR * this.#viewHeight) this.#top = Math.max(0, Math.min(this.#maxTop, this.#top + moved))
    else this.#top = (barTop / this.#maxBarTop) * this.#maxTop
    this.#sticks = this.#canStick && this.#top >= this.#maxTop - this.rowHeight / 2
    if (isScaled) {
      clearTimeout(this.#settle)
      this.#settle = setTimeout(() => this.#place(), SETTLE_MS)
    }
    this.#changed()
  }

  /** Puts the scroll bar where it belongs. */
  #place(): void {
    this.#top = this.#sticks ? this.#maxTop : Math.max(0, Math.min(this.#maxTop, this.#top))
    const barTop = this.#maxTop === 0 ? 0 : (this.#top / this.#maxTop) * this.#maxBarTop
    if (this.#element === undefined || Math.abs(barTop - this.#element.scrollTop) < 1) return
    this.#element.scrollTop = barTop
    this.#barTop = this.#element.scrollTop
  }

  #changed(): void {
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}
