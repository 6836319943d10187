/** What both descriptions say of the API as a whole. */
export const INFO = {
  title: 'Headway',
  description: 'Run long jobs and follow them live: over Server-Sent Events, WebSocket or polling, without ever losing an event.',
  license: { name: 'MIT' },
} as const
