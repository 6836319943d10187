export * from './delivery/dialect.js'
