import { element, setText } from './dom.js'
import type { Session, SessionState } from './session.js'
import { count, counted, duration } from './text.js'

export type Action = 'pause' | 'resume' | 'cancel' | 'attach' | 'download' | 'again' | 'remove'

const STATES: Readonly<Record<SessionState, string>> = {
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  detached: 'not followed',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  lost: 'unknown',
}

const LABELS: Readonly<Record<Action, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  attach: 'Attach',
  download: 'Download list',
  again: 'Compile again',
  remove: 'Remove',
}

/** A session as the page shows it. */
export class SessionCard {
  readonly node: HTMLLIElement
  readonly #session: Session
  readonly #state = element('span', { class: 'pill' })
  readonly #progress = element('progress')
  readonly #what = element('span')
  readonly #figures = element('span')
  readonly #buttons = new Map<Action, HTMLButtonElement>()
  #list: HTMLDetailsElement | undefined

  constructor(session: Session, act: (action: Action) => void) {
    this.#session = session
    const actions = element('div', { class: 'session-actions' })
    for (const [action, text] of Object.entries(LABELS) as [Action, string][]) {
      const danger = action === 'cancel' ? 'small danger' : 'small'
      const button = element('button', { class: danger, type: 'button', text, label: `${text}: ${session.id}` })
      button.addEventListener('click', () => act(action))
      this.#buttons.set(action, button)
      actions.append(button)
    }
    const title = element('strong', { text: session.id })
    this.#progress.setAttribute('aria-label', `Progress of ${session.id}`)
    const head = element('div', { class: 'session-head' }, title, this.#state, element('small', { text: session.name }), actions)
    this.node = element('li', { class: 'session' }, head, this.#progress, element('p', {}, this.#what, this.#figures))
  }

  /** @param connected whether something can be sent now */
  show(connected: boolean): void {
    const { state, done, total, phase, outcome, events, startedAt, endedAt, list } = this.#session
    this.node.dataset['state'] = state
    this.#state.dataset['state'] = state
    setText(this.#state, STATES[state])
    if (state === 'completed') {
      this.#progress.max = 1
      this.#progress.value = 1
    } else if (total > 0) {
      this.#progress.max = total
      this.#progress.value = done
    } else if (state === 'running' || state === 'starting') this.#progress.removeAttribute('value')
    else this.#progress.value = 0
    setText(this.#what, list === undefined ? outcome || phase : counted(list.ruleCount, 'rule'))
    setText(this.#figures, `${counted(events, 'event')}, ${duration((endedAt ?? Date.now()) - startedAt)}`)
    this.#allow(connected)
    this.#showList()
  }

  #allow(connected: boolean): void {
    const { state, over, list, jobId } = this.#session
    const allowed: Readonly<Record<Action, boolean>> = {
      pause: state === 'running',
      resume: state === 'paused',
      cancel: state === 'running' || state === 'paused',
      attach: state === 'detached' && jobId !== undefined,
      download: list !== undefined,
      again: over,
      remove: over || state === 'detached',
    }
    for (const [action, button] of this.#buttons) {
      button.hidden = !allowed[action]
      button.disabled = !connected && action !== 'download' && action !== 'remove'
    }
  }

  #showList(): void {
    const { list } = this.#session
    if (list === undefined || this.#list !== undefined) return
    const { first, ruleCount } = list
    const more = ruleCount - first.length
    const text = more > 0 ? `${first.join('\n')}\n… ${count(more)} more` : first.join('\n')
    const pre = element('pre', { text })
    pre.tabIndex = 0
    this.#list = element('details', {}, element('summary', { text: 'The compiled list' }), pre)
    this.node.append(this.#list)
  }
}
