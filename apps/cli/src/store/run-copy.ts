import { CopyError, copyStores } from '@headway/core'
import type { Stores } from '@headway/core'
import { CommandError } from '../command-error.js'
import type { CopyFlags } from '../commands/store.js'
import { EXIT } from '../exit-codes.js'
import { loadSettings } from '../settings/load.js'
import { fineDuration } from '../text/duration.js'
import { StopSignals } from '../watch/stop-signals.js'
import { CopyDisplay } from './copy-display.js'
import { copyText } from './copy-text.js'
import { storeLocation } from './location.js'
import type { StoreLocation } from './location.js'

/** `headway store copy`. @returns the exit code @throws CommandError, SettingsError, StoreError */
export async function runCopy(fromText: string, toText: string, flags: CopyFlags): Promise<number> {
  const { settings } = await loadSettings(flags)
  const [from, to] = [storeLocation(fromText, settings), storeLocation(toText, settings)]
  if (from.identity === to.identity) throw new CommandError(`${from.name} can't be copied to itself.`, EXIT.usage)
  if (!from.exists) throw new CommandError(`There is no store at ${from.name}.`, EXIT.usage)
  const stop = new StopSignals(EXIT.cancelled)
  try {
    return await withStores(from, to, (source, target) => copy(from, to, [source, target], flags, stop.asked))
  } finally {
    stop.close()
  }
}

async function withStores(from: StoreLocation, to: StoreLocation, work: (from: Stores, to: Stores) => Promise<number>): Promise<number> {
  const source = await from.open('source')
  try {
    const target = await to.open('target')
    try {
      return await work(source, target)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function copy(
  from: StoreLocation,
  to: StoreLocation,
  [source, target]: readonly [Stores, Stores],
  flags: CopyFlags,
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now()
  const display = new CopyDisplay(flags)
  try {
    const report = await copyStores(source, target, { signal, onProgress: (progress) => display.progress(progress) })
    display.close()
    if (flags.quiet !== true) process.stdout.write(copyText(from.name, to.name, report, fineDuration(performance.now() - started)))
    return EXIT.completed
  } catch (error) {
    display.close()
    if (signal.aborted) {
      process.stderr.write('headway: stopped; the target is not complete, and the same command begins anew\n')
      return EXIT.cancelled
    }
    if (!(error instanceof CopyError)) throw error
    const advice = error.code === 'not_empty' ? ` ${to.howToEmpty}` : ''
    throw new CommandError(`${error.message}${advice}`, EXIT.failed)
  }
}
