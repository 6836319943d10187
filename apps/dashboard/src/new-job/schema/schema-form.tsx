import type { Json } from '@headway/protocol'
import { Form } from '@rjsf/mantine'
import { ErrorSchemaBuilder } from '@rjsf/utils'
import type { ErrorSchema, RegistryFieldsType, RJSFSchema, UiSchema } from '@rjsf/utils'
import { useMemo, useState } from 'react'
import type { FormProps } from '../form-props.js'
import { Refused } from '../refused.js'
import { StartButton } from '../start-button.js'
import { useCreation } from '../use-creation.js'
import { firstNoJson, JsonField } from './json-field.js'
import { JSON_FIELD, withJsonParts } from './json-parts.js'
import { TEMPLATES } from './templates.js'
import { tokensOf, validator } from './validator.js'

const UI: UiSchema = { 'ui:submitButtonOptions': { norender: true } }
const FIELDS: RegistryFieldsType = { [JSON_FIELD]: JsonField }

/** A form made from the JSON Schema of a type's input. */
export default function SchemaForm({ type, initial, created }: FormProps) {
  const server = useServerCreation(type.name, created)
  const [data, setData] = useState<unknown>(initial)
  const { schema, uiSchema } = useMemo(() => withJsonParts((type.input ?? {}) as RJSFSchema), [type])
  const { error } = server
  const atFields = useMemo(() => errorsAtFields(error), [error])
  return (
    <>
      {error !== undefined && <Refused error={error} />}
      <Form
        schema={schema}
        uiSchema={{ ...uiSchema, ...UI }}
        fields={FIELDS}
        templates={TEMPLATES}
        validator={validator}
        formData={data}
        onChange={(event) => setData(event.formData)}
        onSubmit={(event) => {
          const wrong = firstNoJson()
          if (wrong === undefined) server.create((event.formData ?? {}) as Json)
          else wrong.focus()
        }}
        onError={() => focusFirstMistake()}
        {...(atFields !== undefined && { extraErrors: atFields })}
        showErrorList={false}
        noHtml5Validate
        focusOnFirstError={false}
        idPrefix="input"
      >
        <StartButton creating={server.creating} />
      </Form>
    </>
  )
}

function useServerCreation(type: string, created: (id: string) => void) {
  return useCreation<Json>((client, input) => client.jobs.create(type, input).then(({ job }) => job.id), created)
}

/** The first field that is wrong gets the focus, once it is told so. */
function focusFirstMistake(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus())
}

/** What the server says is wrong, at the fields that it says it of. */
function errorsAtFields(error: Error | undefined): ErrorSchema | undefined {
  const problem = (error as { problem?: { errors?: { pointer: string; message: string }[] } } | undefined)?.problem
  if (problem?.errors === undefined) return undefined
  const builder = new ErrorSchemaBuilder()
  for (const { pointer, message } of problem.errors) builder.addErrors(message, tokensOf(pointer))
  return builder.ErrorSchema
}
