import { byId, element } from './dom.js'
import type { RequestBody } from './quick-configurations.js'
import { count } from './text.js'
import { TRANSFORMATIONS } from './transformations.js'

/** A longer text is not put into a field: it could not be edited there anyway. */
const MAX_EDITED_TEXT = 20_000

interface SourceFields {
  source: string
  type?: string
}

/** The fields of a request. They change the body in place, and leave what they do not show as it is. */
export class RequestForm {
  readonly #changed: () => void
  readonly #name = byId('list-name', HTMLInputElement)
  readonly #sources = byId('sources', HTMLOListElement)
  readonly #boxes = new Map<string, HTMLInputElement>()
  #body: RequestBody = { configuration: {} }

  constructor(changed: () => void) {
    this.#changed = changed
    this.#name.addEventListener('input', () => {
      this.#body.configuration['name'] = this.#name.value
      changed()
    })
    byId('add-source', HTMLButtonElement).addEventListener('click', () => this.#addSource())
    for (const [name, hint] of Object.entries(TRANSFORMATIONS)) {
      const box = element('input', { type: 'checkbox', value: name })
      box.addEventListener('change', () => this.#setTransformations())
      this.#boxes.set(name, box)
      byId('transformations', HTMLDivElement).append(element('label', { title: hint }, box, element('span', { text: name })))
    }
  }

  /** Shows a body. @throws Error when it has a form that these fields can not show */
  show(body: RequestBody): void {
    const { name, transformations = [] } = body.configuration
    const sources = sourcesOf(body)
    if (!Array.isArray(transformations)) throw new Error('The transformations must be an array.')
    this.#body = body
    this.#name.value = typeof name === 'string' ? name : ''
    for (const [transformation, box] of this.#boxes) box.checked = transformations.includes(transformation)
    this.#sources.replaceChildren(...sources.map((source) => this.#row(source)))
  }

  #setTransformations(): void {
    this.#body.configuration['transformations'] = [...this.#boxes].flatMap(([name, box]) => (box.checked ? [name] : []))
    this.#changed()
  }

  #addSource(): void {
    const source: SourceFields = { source: '' }
    this.#body.configuration['sources'] = [...sourcesOf(this.#body), source]
    const row = this.#row(source)
    this.#sources.append(row)
    row.querySelector('input')?.focus()
    this.#changed()
  }

  #row(fields: SourceFields): HTMLLIElement {
    const source = element('input', { type: 'text', value: fields.source, label: 'Source: a URL, or the name of a pre-fetched text' })
    source.placeholder = 'https://…'
    source.spellcheck = false
    const type = element('select', { label: 'Type of the source' })
    for (const [value, text] of [
      ['', 'type'],
      ['adblock', 'adblock'],
      ['hosts', 'hosts'],
    ] as const) {
      type.append(element('option', { value, text }))
    }
    type.value = fields.type ?? ''
    const remove = element('button', { type: 'button', class: 'small', text: 'Remove', label: 'Remove this source' })
    const row = element('li', { class: 'source' }, source, type, remove, this.#text(fields))
    source.addEventListener('change', () => {
      const texts = this.#body.preFetchedContent
      const text = texts?.[fields.source]
      if (texts !== undefined && text !== undefined) {
        delete texts[fields.source]
        texts[source.value] = text
      }
      fields.source = source.value
      this.#changed()
    })
    type.addEventListener('change', () => {
      if (type.value === '') delete fields.type
      else fields.type = type.value
      this.#changed()
    })
    remove.addEventListener('click', () => {
      this.#body.configuration['sources'] = sourcesOf(this.#body).filter((other) => other !== fields)
      delete this.#body.preFetchedContent?.[fields.source]
      row.remove()
      this.#changed()
    })
    return row
  }

  /** The pre-fetched text of a source. */
  #text(fields: SourceFields): HTMLDetailsElement {
    const text = this.#body.preFetchedContent?.[fields.source] ?? ''
    const summary = element('summary', { text: text === '' ? 'Send a text with it' : `Sent with it: ${count(text.length)} characters` })
    const area = element('textarea', { label: 'Pre-fetched text' })
    area.rows = 6
    area.spellcheck = false
    area.readOnly = text.length > MAX_EDITED_TEXT
    area.value = area.readOnly ? `${text.slice(0, 2_000)}\n…` : text
    area.addEventListener('input', () => {
      const texts = (this.#body.preFetchedContent ??= {})
      if (area.value === '') delete texts[fields.source]
      else texts[fields.source] = area.value
      if (Object.keys(texts).length === 0) delete this.#body.preFetchedContent
      this.#changed()
    })
    return element('details', {}, summary, area)
  }
}

function sourcesOf({ configuration }: RequestBody): SourceFields[] {
  const { sources = [] } = configuration
  const fits = (value: unknown): value is SourceFields => typeof value === 'object' && value !== null && 'source' in value
  if (!Array.isArray(sources) || !sources.every(fits)) throw new Error('Each of the sources must be an object with a "source".')
  return sources
}
