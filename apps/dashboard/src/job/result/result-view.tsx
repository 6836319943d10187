import { Alert, Text } from '@mantine/core'
import { useMemo } from 'react'
import type { JobRecord } from '../model/job-record.js'
import type { LifeMoment } from '../model/life.js'
import { objectOf } from '../model/wire.js'
import type { Job } from '../model/wire.js'
import { JsonTree } from '../parts/json-tree.js'
import { BooksView } from './books-view.js'
import { CompiledList, isListResult } from './compiled-list.js'
import { ShelfPhoto } from './shelf-photo.js'
import { isTaskResult, TaskSteps } from './task-steps.js'

/** The type of jobs whose photos can be asked for. */
const SCAN_TYPE = 'books-scan'

interface ResultViewProps {
  readonly job: Job
  readonly record: JobRecord
  readonly seq: number
  /** Grows when the record has changed. */
  readonly version: number
  readonly life: LifeMoment
}

/** What a job gave until a moment: books as they are found, a list, the steps of a task, or any JSON. */
export function ResultView({ job, record, seq, version, life }: ResultViewProps) {
  const { items, photos } = record.books
  const books = useMemo(() => items.until(seq), [items, seq, version])
  const result = life.status === 'completed' ? (life.result ?? job.result) : undefined
  const details = life.error?.details ?? life.details
  // Events of the same name mean something else in jobs of other types.
  const photoCount = job.type === SCAN_TYPE ? 1 + photos.until(seq).reduce((max, { photo }) => Math.max(max, photo), -1) : 0
  const fileName = `${job.type}-${job.id.slice(0, 8)}`
  const hasBooks = books.length > 0
  return (
    <>
      {life.status === 'failed' && life.error !== undefined && (
        <Alert color="red" variant="outline" title={`Failed: ${life.error.code}`} mb="md">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {life.error.message}
          </Text>
        </Alert>
      )}
      {life.status === 'cancelled' && (
        <Alert color="gray" variant="outline" title="Cancelled" mb="md">
          {life.reason ?? 'No reason was given.'}
        </Alert>
      )}
      {photoCount > 0 &&
        life.status === 'completed' &&
        Array.from({ length: photoCount }, (_, photo) => <ShelfPhoto key={photo} id={job.id} photo={photo} books={books} />)}
      {hasBooks && <BooksView books={books} omitted={items.omitted} fileName={fileName} />}
      {isTaskResult(result) && <TaskSteps result={result} />}
      {isTaskResult(details) && <TaskSteps result={details} />}
      {isListResult(result) && result !== undefined && <CompiledList id={job.id} result={result} fileName={fileName} />}
      {!hasBooks && result !== undefined && !isTaskResult(result) && !isListResult(result) && <JsonTree value={result} label="Result" />}
      {details !== undefined && !isTaskResult(details) && objectOf(details)['figures'] === undefined && (
        <JsonTree value={details} label="Details" />
      )}
      {!hasBooks && result === undefined && details === undefined && (
        <Text c="dimmed" size="sm">
          {life.status === 'completed' ? 'The job gave no result.' : life.finishedAt === undefined ? 'There is no result yet.' : ''}
        </Text>
      )}
    </>
  )
}
