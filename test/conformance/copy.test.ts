import { describeCopy } from '@headway/conformance'
import type { OpenStore } from '@headway/conformance'
import { STORE_KINDS } from '@headway/core'
import type { StoreKind } from '@headway/core'
import { openPostgresFixture } from './postgres-fixture.js'
import { openSqliteFixture } from './sqlite-fixture.js'

const fixtures: Readonly<Record<StoreKind, OpenStore>> = {
  sqlite: openSqliteFixture,
  postgres: openPostgresFixture,
}

// Each kind is a source and a target; between two of one kind the same code runs.
for (const from of STORE_KINDS) {
  for (const to of STORE_KINDS) if (from !== to) describeCopy(`from ${from} to ${to}`, fixtures[from], fixtures[to])
}
