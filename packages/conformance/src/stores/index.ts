import { describe } from 'vitest'
import { describeAppend } from './append.js'
import { describeBlobs } from './blobs.js'
import { describeClaim } from './claim.js'
import { describeCreate } from './create.js'
import { describeDurability } from './durability.js'
import type { OpenStore } from './fixture.js'
import { describeFigures } from './figures.js'
import { describeKeyValues } from './key-values.js'
import { describeLease } from './lease.js'
import { describeLimits } from './limits.js'
import { describeList } from './list.js'
import { describeModel } from './model.js'
import { describeRaces } from './races.js'
import { describeRead } from './read.js'
import { describeRecovery } from './recovery.js'
import { describeRequest } from './request.js'
import { describeRetention } from './retention.js'
import { describeWake } from './wake.js'

export { describeCopy } from './copy.js'

/** Defines the tests that every store must pass, in vitest. `open` makes an empty store; it is called several times. */
export function describeStores(name: string, open: OpenStore): void {
  describe(name, () => {
    for (const describeTopic of [
      describeCreate,
      describeClaim,
      describeLimits,
      describeLease,
      describeAppend,
      describeRead,
      describeRequest,
      describeRecovery,
      describeRetention,
      describeList,
      describeFigures,
      describeWake,
      describeKeyValues,
      describeBlobs,
      describeDurability,
      describeRaces,
      describeModel,
    ]) {
      describeTopic(open)
    }
  })
}
