import { afterAll, beforeAll, describe } from 'vitest'
import { bytesCases } from './cases/bytes.js'
import { goneCases } from './cases/gone.js'
import { liveCases } from './cases/live.js'
import { randomCases } from './cases/random.js'
import { replayCases } from './cases/replay.js'
import { slowCases } from './cases/slow.js'
import type { TransportClient } from './clients/index.js'
import type { TransportFixture } from './fixture.js'

/** What the cases of one transport use. */
export interface TransportSuite {
  readonly client: TransportClient
  /** The server; one for the whole suite. */
  readonly fixture: () => TransportFixture
}

/**
 * Everything that a transport must do, over real HTTP: the same events in the same order from any cursor, no gap, no repeat.
 *
 * @param open makes a server of its own, with the job type of `createDriver`
 */
export function describeTransport(name: string, client: TransportClient, open: () => Promise<TransportFixture>): void {
  describe(`transport ${name}`, () => {
    let opened: TransportFixture | undefined
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.close())
    const suite: TransportSuite = {
      client,
      fixture() {
        if (opened === undefined) throw new Error('The server is not open.')
        return opened
      },
    }
    replayCases(suite)
    liveCases(suite)
    goneCases(suite)
    bytesCases(suite)
    slowCases(suite)
    randomCases(suite)
  })
}
