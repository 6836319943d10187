import { CloseButton } from '@mantine/core'
import { IconFileUpload, IconPhoto } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import { formatBytes } from '../../shared/format.js'
import { uploadFiles } from '../../api/routes.js'
import type { FormProps } from '../form-props.js'
import classes from '../new-job.module.css'
import { Refused } from '../refused.js'
import { StartButton } from '../start-button.js'
import { useCreation } from '../use-creation.js'
import { DropZone } from './drop-zone.js'
import { withFiles } from './with-files.js'

/** A form for types that take files: a CSV, or photos with a look at them. */
export default function UploadForm({ type, created }: FormProps) {
  const { create: how } = type
  if (how.kind !== 'upload') throw new Error(`Jobs of the type ${type.name} are not made of files.`)
  const [files, setFiles] = useState<readonly File[]>([])
  const [complaints, setComplaints] = useState<readonly string[]>([])
  const { creating, error, create } = useCreation<readonly File[]>(
    (client, chosen) => uploadFiles(client, how.path, how.field, chosen),
    created,
  )
  const arePhotos = how.accept.every((accepted) => accepted.startsWith('image/'))
  const what = arePhotos ? (how.maxFiles === 1 ? 'a photo' : 'photos') : how.maxFiles === 1 ? 'a file' : 'files'
  const add = (added: readonly File[]): void => {
    const result = withFiles(files, added, how)
    setFiles(result.files)
    setComplaints(result.complaints)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (files.length === 0) setComplaints([`Choose ${what} first.`])
        else create(files)
      }}
    >
      {error !== undefined && <Refused error={error} />}
      <DropZone
        label={`Choose ${what}`}
        accept={how.accept}
        multiple={how.maxFiles > 1}
        add={add}
        describedBy="upload-hint upload-complaints"
      >
        {arePhotos ? <IconPhoto size={28} aria-hidden /> : <IconFileUpload size={28} aria-hidden />}
        <strong>
          Drop {what} here, or choose {how.maxFiles === 1 ? 'it' : 'them'}
        </strong>
        <span className={classes['soft']} id="upload-hint">
          {kindsOf(how.accept)}; up to {formatBytes(how.maxBytes)}
          {how.maxFiles > 1 && ` each, ${how.maxFiles} at most`}
        </span>
      </DropZone>
      <div id="upload-complaints" role="alert">
        {complaints.map((complaint) => (
          <p key={complaint} style={{ color: 'var(--mantine-color-error)', margin: '8px 0 0' }}>
            {complaint}
          </p>
        ))}
      </div>
      {files.length > 0 && (
        <ul className={classes['files']} data-previews={arePhotos} aria-label="Chosen files">
          {files.map((file) => (
            <li key={`${file.name} ${file.size} ${file.lastModified}`} className={classes['file']}>
              {arePhotos && <Preview file={file} />}
              <span className={classes['filename']} title={file.name}>
                {file.name}
              </span>
              <span className={classes['soft']}>{formatBytes(file.size)}</span>
              <CloseButton
                size="sm"
                aria-label={`Remove ${file.name}`}
                onClick={() => setFiles((last) => last.filter((other) => other !== file))}
              />
            </li>
          ))}
        </ul>
      )}
      <StartButton creating={creating} />
    </form>
  )
}

/** `.csv, .txt`, or `JPEG, PNG`. */
function kindsOf(accept: readonly string[]): string {
  const endings = accept.filter((accepted) => accepted.startsWith('.'))
  return (endings.length > 0 ? endings : accept.map((accepted) => accepted.replace(/.*\//, '').toUpperCase())).join(', ')
}

function Preview({ file }: { readonly file: File }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  const alt = useMemo(() => `Preview of ${file.name}`, [file])
  return url === undefined ? null : <img src={url} alt={alt} />
}
