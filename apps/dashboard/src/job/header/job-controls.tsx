import { Button, Group, Modal, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconRefresh, IconRepeat } from '@tabler/icons-react'
import type { JobTypeInfo } from '@headway/protocol'
import { useHeadway } from '@headway/client/react'
import { memo, useState } from 'react'
import { navigate } from '../../location/hash-location.js'
import { isOver } from '../../shared/statuses.js'
import type { JobStatus } from '../model/wire.js'
import { useFocusOfGroup } from './use-focus-of-group.js'

/** The longest reason that is taken, in characters. */
const MAX_REASON = 500

interface JobControlsProps {
  readonly id: string
  readonly type: string
  /** Undefined until it is known, and where the server has no such type now. */
  readonly info: JobTypeInfo | undefined
  readonly status: JobStatus
  readonly cancelling: boolean
}

/** What can be done with a job: cancel, pause and resume it while it goes on; afterwards run it again. */
export const JobControls = memo(function JobControls({ id, type, info, status, cancelling }: JobControlsProps) {
  const { jobs } = useHeadway()
  const [busy, setBusy] = useState<string>()
  const [isAsking, setAsking] = useState(false)
  const { place, act, settle } = useFocusOfGroup(`${status} ${busy}`)
  const doing = (what: string, work: () => Promise<unknown>) => () => {
    act()
    setBusy(what)
    void work()
      .catch((error: Error) => notifications.show({ color: 'red', title: `The job could not ${what}`, message: error.message }))
      .finally(() => setBusy(undefined))
  }
  const retry = async (): Promise<void> => {
    const { job } = await jobs.retry(id)
    navigate(`/jobs/${job.id}`)
  }
  return (
    <Group gap="xs" ref={place}>
      {isOver(status) ? (
        <>
          <Button
            size="xs"
            leftSection={<IconRefresh size={15} aria-hidden />}
            loading={busy !== undefined}
            onClick={doing('be run again', retry)}
          >
            Retry
          </Button>
          {info?.create.kind === 'native' && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRepeat size={15} aria-hidden />}
              onClick={() => navigate(`/new/${encodeURIComponent(type)}?from=${id}`)}
            >
              Run again
            </Button>
          )}
        </>
      ) : (
        <>
          {status === 'paused' ? (
            <Button
              size="xs"
              leftSection={<IconPlayerPlay size={15} aria-hidden />}
              loading={busy === 'resume'}
              onClick={doing('resume', () => jobs.resume(id))}
            >
              Resume
            </Button>
          ) : info?.pausable === false ? null : (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlayerPause size={15} aria-hidden />}
              loading={busy === 'pause'}
              disabled={cancelling}
              onClick={doing('pause', () => jobs.pause(id))}
            >
              Pause
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            c="var(--hw-failed)"
            leftSection={<IconPlayerStop size={15} aria-hidden />}
            loading={busy === 'be cancelled' || cancelling}
            onClick={() => setAsking(true)}
          >
            Cancel
          </Button>
        </>
      )}
      <CancelDialog
        opened={isAsking && !isOver(status)}
        onClose={() => setAsking(false)}
        onClosed={settle}
        onCancel={(reason) => {
          setAsking(false)
          doing('be cancelled', () => jobs.cancel(id, reason))()
        }}
      />
    </Group>
  )
})

interface CancelDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  /** The dialog is gone. */
  readonly onClosed: () => void
  readonly onCancel: (reason: string | undefined) => void
}

/** What is stopped does not come back, so it is asked. */
function CancelDialog({ opened, onClose, onClosed, onCancel }: CancelDialogProps) {
  const [reason, setReason] = useState('')
  return (
    <Modal opened={opened} onClose={onClose} onExitTransitionEnd={onClosed} title="Cancel this job?" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onCancel(reason.trim() === '' ? undefined : reason.trim())
        }}
      >
        <Text size="sm" mb="sm">
          The work stops, and what it was doing is lost. Its log stays.
        </Text>
        <TextInput
          label="Reason, for the log"
          value={reason}
          maxLength={MAX_REASON}
          onChange={(event) => setReason(event.currentTarget.value)}
          mb="md"
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" size="xs" onClick={onClose}>
            Keep it running
          </Button>
          <Button type="submit" color="red" size="xs">
            Cancel the job
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
