/** Rows of one file, blank ones too, without the header. A setting of the service. */
export const DEFAULT_MAX_ROWS = 5000

/** Columns of a header. */
export const DEFAULT_MAX_COLUMNS = 500

/** A record with quotes may be so long, in bytes; a quote that is open longer counts as never closed. */
export const MAX_QUOTED_RECORD_BYTES = 256 * 1024

/** A record without an open quote may be so long, in bytes. */
export const MAX_RECORD_BYTES = 1024 * 1024

/** What is read at once, in bytes. */
export const CHUNK_BYTES = 128 * 1024

/** What encoding, delimiter and columns are guessed from, in bytes. */
export const HEAD_BYTES = 256 * 1024

/** Records that the delimiter and the columns are guessed from. */
export const SAMPLE_RECORDS = 50

/** Outcomes that are handed on at once. */
export const BATCH_ROWS = 100

/** What those are made of, in characters: one row more than that is handed on at most. */
export const BATCH_CHARACTERS = 256 * 1024

/** A longer name of a column is cut, in characters. */
export const COLUMN_NAME_LENGTH = 200

/** The names that stand in every row's `raw`, all together, in characters: longer ones are cut there, so that a short file stays short. */
export const RAW_NAMES_LENGTH = 8 * 1024
