import { Button, Text } from '@mantine/core'
import { errorId } from '@rjsf/utils'
import type { FieldErrorProps, IconButtonProps, TemplatesType, TitleFieldProps } from '@rjsf/utils'
import { IconPlus, IconX } from '@tabler/icons-react'

/** What is wrong with a list or a group: fields show by themselves what is wrong with them. */
function FieldErrorTemplate({ errors, fieldPathId, schema }: FieldErrorProps) {
  if (errors === undefined || errors.length === 0 || (schema.type !== 'object' && schema.type !== 'array')) return null
  return (
    <Text id={errorId(fieldPathId)} c="var(--mantine-color-error)" size="sm" mb="xs" role="alert">
      {errors.filter((error) => typeof error === 'string').join('; ')}
    </Text>
  )
}

function TitleFieldTemplate({ id, title }: TitleFieldProps) {
  return (
    <Text id={id} fw={600} size="sm" component="span">
      {title}
    </Text>
  )
}

function AddButton({ id, disabled, onClick }: IconButtonProps) {
  return (
    <Button
      {...(id !== undefined && { id })}
      size="compact-sm"
      variant="default"
      leftSection={<IconPlus size={14} aria-hidden />}
      {...(disabled !== undefined && { disabled })}
      {...(onClick !== undefined && { onClick })}
    >
      Add
    </Button>
  )
}

function RemoveButton({ id, disabled, onClick }: IconButtonProps) {
  return (
    <Button
      {...(id !== undefined && { id })}
      size="compact-sm"
      variant="default"
      leftSection={<IconX size={14} aria-hidden />}
      {...(disabled !== undefined && { disabled })}
      {...(onClick !== undefined && { onClick })}
    >
      Remove
    </Button>
  )
}

/** Parts of forms that take the place of the theme's. */
export const TEMPLATES: Partial<Omit<TemplatesType, 'ButtonTemplates'>> & { ButtonTemplates: Partial<TemplatesType['ButtonTemplates']> } = {
  FieldErrorTemplate,
  TitleFieldTemplate,
  ButtonTemplates: { AddButton, RemoveButton },
}
