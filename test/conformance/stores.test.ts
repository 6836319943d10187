import { describeStores } from '@headway/conformance'
import type { OpenStore } from '@headway/conformance'
import { STORE_KINDS } from '@headway/core'
import type { StoreKind } from '@headway/core'
import { openPostgresFixture } from './postgres-fixture.js'
import { openSqliteFixture } from './sqlite-fixture.js'

/** One for every store that the product knows: without it, this does not compile. */
const fixtures: Readonly<Record<StoreKind, OpenStore>> = {
  sqlite: openSqliteFixture,
  postgres: openPostgresFixture,
}

for (const kind of STORE_KINDS) describeStores(kind, fixtures[kind])
