import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CompileEvent, Loaded } from '@headway/filters/compiler'
import { createDownloader, type Downloader, type DownloaderOptions } from '@headway/filters/download'
import { onTestFinished } from 'vitest'

/** A downloader for one test: this machine allowed, no retries, unless the test says otherwise. */
export function downloader(options: DownloaderOptions = {}): Downloader {
  const made = createDownloader({ allowAddresses: ['127.0.0.1'], retries: 0, retryMinDelayMs: 1, retryMaxDelayMs: 1, ...options })
  onTestFinished(() => made.close())
  return made
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-download-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export interface Watched {
  readonly loaded: Loaded | undefined
  /** The code of the error, where it failed. */
  readonly code: string | undefined
  readonly error: Error | undefined
  readonly text: string | undefined
  readonly events: CompileEvent[]
}

/** Loads a source and gives what came of it, with its events. */
export async function watch(from: Downloader, source: string, signal: AbortSignal = new AbortController().signal): Promise<Watched> {
  const events: CompileEvent[] = []
  const on = (event: CompileEvent) => {
    events.push(event)
  }
  try {
    const loaded = await from.load(source, { signal, on })
    return { loaded, events, code: undefined, error: undefined, text: textOf(loaded) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
    return { loaded: undefined, events, code, error: error as Error, text: undefined }
  }
}

export function textOf({ bytes }: Loaded): string {
  return Buffer.from(bytes).toString('utf8')
}

/** The data of the events of one type. */
export function dataOf<T extends CompileEvent['type']>(
  events: readonly CompileEvent[],
  type: T,
): Extract<CompileEvent, { type: T }>['data'][] {
  return events.filter((event): event is Extract<CompileEvent, { type: T }> => event.type === type).map(({ data }) => data as never)
}

/** Such as `['miss', 'write']`. */
export function cacheSteps(events: readonly CompileEvent[]): string[] {
  return dataOf(events, 'cache').map(({ operation }) => operation)
}

export const LIST = '! Title: Test\n||example.org^\n'
