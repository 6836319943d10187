export { CompileError } from './compiler/index.js'
export { createFiltersService } from './create-filters-service.js'
export type { FiltersServiceOptions } from './create-filters-service.js'
export { filtersDialect } from './wire/sse-dialect.js'
