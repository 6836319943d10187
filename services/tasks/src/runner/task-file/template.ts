/** A text with places for parameters: `{name}`; `{{` and `}}` stand for braces. */
export type Template = readonly (string | { readonly param: string })[]

/** A template that can't be read; `message` says where. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

/** @throws TemplateError for a brace that belongs to nothing */
export function parseTemplate(text: string): Template {
  const parts: (string | { param: string })[] = []
  let literal = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string
    if (character !== '{' && character !== '}') {
      literal += character
    } else if (text[at + 1] === character) {
      literal += character
      at += 1
    } else {
      const name = /^\{([A-Za-z_][\w-]*)\}/.exec(text.slice(at))?.[1]
      if (name === undefined) {
        throw new TemplateError(
          `"${character}" at character ${at + 1} belongs to no {parameter}; write "${character}${character}" for the character itself`,
        )
      }
      if (literal !== '') parts.push(literal)
      literal = ''
      parts.push({ param: name })
      at += name.length + 1
    }
  }
  if (literal !== '') parts.push(literal)
  return parts
}

/** The names of the parameters that a template has places for. */
export function templateParams(template: Template): string[] {
  return template.flatMap((part) => (typeof part === 'string' ? [] : [part.param]))
}

/** Puts values into their places, each as it is: what a value looks like never changes what surrounds it. */
export function fillTemplate(template: Template, params: Readonly<Record<string, unknown>>): string {
  return template.map((part) => (typeof part === 'string' ? part : String(params[part.param]))).join('')
}
