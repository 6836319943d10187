import type { JobTypeInfo } from '@headway/protocol'
import type { ComponentType } from 'react'
import { part } from '../shared/part.js'
import type { FormProps } from './form-props.js'

const SchemaForm = part(() => import('./schema/schema-form.js'))
const UploadForm = part(() => import('./upload/upload-form.js'))
const CompileForm = part(() => import('./compile/compile-form.js'))

/** Types with a form of their own, by name. */
const OWN_FORMS: Readonly<Record<string, ComponentType<FormProps>>> = { 'compile-filters': CompileForm }

/** The form that makes jobs of a type. */
export function formOf({ name, create }: JobTypeInfo): ComponentType<FormProps> {
  return OWN_FORMS[name] ?? (create.kind === 'upload' ? UploadForm : SchemaForm)
}
