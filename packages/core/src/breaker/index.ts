export { BreakerOpenError, Breakers, type BreakerChange, type BreakerRules } from './breaker.js'
export { createMemoryBreakerStore, type BreakerStore } from './breaker-store.js'
export { backoffMs, retryAfterMs, type BackoffRules } from './waits.js'
