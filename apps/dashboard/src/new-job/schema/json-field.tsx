import { Textarea } from '@mantine/core'
import type { FieldProps } from '@rjsf/utils'
import { useRef, useState } from 'react'

/** A field for any value, typed as JSON. What is no JSON stays as it was typed, is said, and makes the field invalid: see `firstNoJson`. */
export function JsonField({ formData, onChange, fieldPathId, schema, name, required, rawErrors = [] }: FieldProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(() => (formData === undefined ? '' : JSON.stringify(formData, null, 2)))
  const [mistake, setMistake] = useState('')
  function take(typed: string): void {
    let wrong = ''
    try {
      onChange(typed.trim() === '' ? undefined : JSON.parse(typed), fieldPathId.path)
    } catch (error) {
      wrong = `This is not valid JSON: ${(error as Error).message}`
    }
    setText(typed)
    setMistake(wrong)
    field.current?.setCustomValidity(wrong)
  }
  return (
    <Textarea
      ref={field}
      id={fieldPathId.$id}
      label={schema.title ?? (name === '' ? 'Input' : name)}
      description={schema.description}
      withAsterisk={required === true}
      autosize
      minRows={3}
      maxRows={24}
      spellCheck={false}
      ff="monospace"
      value={text}
      onChange={(event) => take(event.currentTarget.value)}
      error={mistake || rawErrors.join('; ') || undefined}
    />
  )
}

/** The first field of the form with a text that is no JSON. */
export function firstNoJson(): HTMLElement | undefined {
  return [...document.querySelectorAll('form textarea')].find(
    (field): field is HTMLTextAreaElement => field instanceof HTMLTextAreaElement && field.validity.customError,
  )
}
