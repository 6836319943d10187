import { useState } from 'react'
import type { ReactNode } from 'react'
import classes from '../new-job.module.css'

interface DropZoneProps {
  /** Of the field. */
  readonly label: string
  readonly accept: readonly string[]
  readonly multiple: boolean
  readonly add: (files: readonly File[]) => void
  readonly describedBy?: string
  readonly children: ReactNode
}

/** Takes files by dropping them, or by the system's own dialog. */
export function DropZone({ label, accept, multiple, add, describedBy, children }: DropZoneProps) {
  const [over, setOver] = useState(false)
  return (
    <div
      className={classes['drop']}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        add([...event.dataTransfer.files])
      }}
    >
      {children}
      <input
        type="file"
        aria-label={label}
        {...(describedBy !== undefined && { 'aria-describedby': describedBy })}
        accept={accept.join(',')}
        multiple={multiple}
        onChange={(event) => {
          add([...(event.currentTarget.files ?? [])])
          // The same file may be chosen again after it was removed.
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
