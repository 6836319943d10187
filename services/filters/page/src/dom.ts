/** What an element is made with: properties as the DOM names them; `data` becomes `data-*` attributes. */
interface Made {
  readonly class?: string
  readonly text?: string
  readonly type?: string
  readonly title?: string
  readonly value?: string
  readonly label?: string
  readonly open?: boolean
  readonly disabled?: boolean
  readonly hidden?: boolean
  readonly data?: Readonly<Record<string, string>>
}

/** Makes an element. All text is set as text: nothing that comes from a server or a list is ever read as HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  made: Made = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const { class: className, text, label, data, ...properties } = made
  const result = document.createElement(name)
  Object.assign(result, properties)
  if (className !== undefined) result.className = className
  if (text !== undefined) result.textContent = text
  if (label !== undefined) result.setAttribute('aria-label', label)
  Object.assign(result.dataset, data)
  result.append(...children)
  return result
}

/** The element of the page with this id. @throws Error when there is none of this kind */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`The page has no ${kind.name} with the id ${id}.`)
}

/** Sets a text only when it changes: an unchanged one costs no layout. */
export function setText(target: Node, text: string): void {
  if (target.textContent !== text) target.textContent = text
}
