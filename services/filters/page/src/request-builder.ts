import { byId, element, setText } from './dom.js'
import { QUICK_CONFIGURATIONS } from './quick-configurations.js'
import type { RequestBody } from './quick-configurations.js'
import { RequestForm } from './request-form.js'

/** What is to be compiled, and under which name. */
export interface BuiltRequest {
  readonly sessionId: string
  readonly body: RequestBody
  readonly benchmark: boolean
}

type Editor = 'form' | 'json'

/** The request as it is edited: in fields or as JSON, begun with a quick configuration. */
export class RequestBuilder {
  readonly #changed: () => void = () => undefined
  readonly #form: RequestForm
  readonly #quick = byId('quick', HTMLSelectElement)
  readonly #json = byId('json', HTMLTextAreaElement)
  readonly #mistake = byId('json-mistake', HTMLParagraphElement)
  readonly #sessionName = byId('session-name', HTMLInputElement)
  readonly #benchmark = byId('benchmark', HTMLInputElement)
  #body: RequestBody = { configuration: {} }
  #editor: Editor = 'form'
  #sessions = 0

  constructor(changed: () => void, compile: () => void) {
    this.#form = new RequestForm(() => this.#edited())
    for (const { id, label } of QUICK_CONFIGURATIONS) this.#quick.append(element('option', { value: id, text: label }))
    this.#quick.append(element('option', { value: '', text: 'Edited by hand', hidden: true }))
    this.#quick.addEventListener('change', () => this.#choose(this.#quick.value))
    this.#json.addEventListener('input', () => this.#readJson())
    this.#benchmark.addEventListener('change', changed)
    this.#sessionName.addEventListener('input', changed)
    for (const choice of document.querySelectorAll<HTMLInputElement>('input[name=editor]')) {
      choice.addEventListener('change', () => this.#switch(choice.value as Editor))
    }
    byId('request', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault()
      compile()
    })
    this.#choose(this.#quick.value)
    this.nextName(() => false)
    // Not before: whoever is told asks for the request.
    this.#changed = changed
  }

  /** The request as it stands; undefined while its JSON has a mistake. */
  get request(): BuiltRequest | undefined {
    if (!this.#mistake.hidden) return undefined
    return { sessionId: this.#sessionName.value, body: structuredClone(this.#body), benchmark: this.#benchmark.checked }
  }

  /** Puts the next free name into its field. */
  nextName(taken: (name: string) => boolean): void {
    do this.#sessions += 1
    while (taken(`session-${this.#sessions}`))
    this.#sessionName.value = `session-${this.#sessions}`
    this.#changed()
  }

  #choose(id: string): void {
    const chosen = QUICK_CONFIGURATIONS.find((configuration) => configuration.id === id)
    if (chosen === undefined) return
    setText(byId('quick-hint', HTMLElement), chosen.hint)
    this.#body = chosen.make()
    this.#showBody()
    this.#changed()
  }

  /** It is no longer what was chosen. */
  #edited(): void {
    this.#quick.value = ''
    setText(byId('quick-hint', HTMLElement), '')
    this.#changed()
  }

  #showBody(): void {
    this.#say('')
    if (this.#editor === 'json') this.#json.value = JSON.stringify(this.#body, null, 2)
    else this.#form.show(this.#body)
  }

  #switch(editor: Editor): void {
    const before = this.#editor
    this.#editor = editor
    try {
      if (editor === 'form' && !this.#mistake.hidden) throw new Error('Correct the JSON first.')
      this.#showBody()
    } catch (error) {
      this.#editor = before
      this.#say(error instanceof Error ? error.message : String(error))
      for (const choice of document.querySelectorAll<HTMLInputElement>('input[name=editor]')) choice.checked = choice.value === before
      return
    }
    byId('form-editor', HTMLDivElement).hidden = editor !== 'form'
    byId('json-editor', HTMLDivElement).hidden = editor !== 'json'
  }

  #readJson(): void {
    try {
      this.#body = bodyOf(JSON.parse(this.#json.value))
      this.#say('')
      this.#edited()
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error))
    }
  }

  #say(mistake: string): void {
    setText(this.#mistake, mistake)
    this.#mistake.hidden = mistake === ''
    this.#json.setAttribute('aria-invalid', String(mistake !== ''))
  }
}

function bodyOf(value: unknown): RequestBody {
  const isObject = typeof value === 'object' && value !== null
  if (!isObject || !('configuration' in value)) throw new Error('The body must be an object with a "configuration".')
  return value as RequestBody
}
