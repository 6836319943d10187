import type { JobId } from '@headway/protocol'
import { observeEvents } from '../observe/event-window.js'
import type { EventWindow, EventWindowOptions } from '../observe/event-window.js'
import { useHeadway } from './context.js'
import { useStore } from './use-store.js'

/** The newest events of a job. However many come, it renders at most once a frame. */
export function useFollow(id: JobId, options: EventWindowOptions = {}): EventWindow {
  return useStore(observeEvents(useHeadway(), id, options))
}
