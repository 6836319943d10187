import { Anchor, Button } from '@mantine/core'
import type { JobTypeInfo } from '@headway/protocol'
import { useCallback } from 'react'
import { Link, useSearch } from 'wouter'
import { useTypes } from '../api/use-types.js'
import { navigate } from '../location/hash-location.js'
import { Page } from '../shared/page.js'
import { PageSkeleton } from '../shared/page-skeleton.js'
import { ErrorAlert } from '../shared/error-alert.js'
import { editableInput } from './editable-input.js'
import { formOf } from './form-of.js'
import classes from './new-job.module.css'
import { TypeCards } from './type-cards.js'
import { useInputOf } from './use-input-of.js'

/** One chooses a job type, fills in its form, and comes to the job's page. */
export default function NewJobPage({ type: name }: { readonly type?: string }) {
  const { value: types, error, refresh } = useTypes()
  // A form that is being filled in stays, whatever becomes of another answer.
  if (error !== undefined && types === undefined)
    return (
      <Page title="New job">
        <ErrorAlert title="The job types could not be read" error={error} again={refresh} />
      </Page>
    )
  if (types === undefined)
    return (
      <Page title="New job">
        <PageSkeleton />
      </Page>
    )
  if (name === undefined)
    return (
      <Page title="New job">
        <TypeCards types={types} />
      </Page>
    )
  const type = types.find((each) => each.name === name)
  if (type === undefined)
    return (
      <Page title="New job">
        <ErrorAlert title="No such job type" error={new Error(`Jobs of the type ${name} can not be created here.`)}>
          <Button component={Link} href="/new" size="xs" variant="default">
            Choose another type
          </Button>
        </ErrorAlert>
      </Page>
    )
  // Another type is another form, with nothing left of the last one.
  return <JobForm key={type.name} type={type} />
}

function JobForm({ type }: { readonly type: JobTypeInfo }) {
  const created = useCallback((id: string) => navigate(`/jobs/${id}`), [])
  const Form = formOf(type)
  const from = new URLSearchParams(useSearch()).get('from') ?? undefined
  const { isThere, input, error } = useInputOf(from)
  const initial = input === undefined ? undefined : editableInput(input, type.input)
  return (
    <Page
      title={`New job: ${type.title ?? type.name}`}
      actions={
        <Anchor component={Link} href="/new" size="sm">
          Other types
        </Anchor>
      }
    >
      {type.description !== undefined && <p className={classes['description']}>{type.description}.</p>}
      <div className={classes['form']}>
        {error !== undefined && <ErrorAlert title="The input of that job could not be read" error={error} />}
        {input !== undefined && initial === undefined && (
          <ErrorAlert
            title="The input of that job can not be edited"
            error={new Error('The server keeps a part of it as a file. "Retry" on the page of that job runs it again as it is.')}
          />
        )}
        {isThere ? <Form key={from} type={type} initial={initial} created={created} /> : <PageSkeleton />}
      </div>
    </Page>
  )
}
