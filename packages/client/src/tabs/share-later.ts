import type { Downstream, Upstream } from '../connection/upstream.js'
import type { SharedOptions } from './share-tabs.js'

/** Shares with other tabs from the first wish on: what it takes to share is loaded then, and only in pages. Where it can't be had, this tab is alone. */
export function shareLater(options: SharedOptions, downstream: Downstream): Upstream {
  let upstream: Upstream | undefined
  let load: Promise<Upstream> | undefined
  return {
    get state() {
      return upstream?.state ?? 'closed'
    },
    get transport() {
      return upstream?.transport
    },
    get leader() {
      return !!upstream?.leader
    },
    update() {
      load ??= import('./share-tabs.js').then(
        ({ shareTabs }) => (upstream = shareTabs(options, downstream)),
        () => (upstream = options.connect(downstream)),
      )
      void load.then((loaded) => loaded.update())
    },
    close() {
      void load?.then((loaded) => loaded.close())
    },
  }
}
