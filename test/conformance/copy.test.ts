import { describeCopy } from '@headway/conformance'
import type { OpenStore } from '@headway/conformance'
import { STORE_KINDS } from '@headway/core'
import type { StoreKind } from '@headway/core'
import { openSqliteFixture } from './sqlite-fixture.js'

const fixtures: Readonly<Record<StoreKind, OpenStore>> = {
  sqlite: openSqliteFixture,
}

for (const from of STORE_KINDS) {
  for (const to of STORE_KINDS) describeCopy(`from ${from} to ${to}`, fixtures[from], fixtures[to])
}
