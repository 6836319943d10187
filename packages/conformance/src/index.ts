export { describeCopy, describeStores } from './stores/index.js'
export type { OpenStore, StoreFixture } from './stores/fixture.js'
export * from './transports/index.js'
