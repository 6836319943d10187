import pg from 'pg'

const INT8 = 20

/** Counts, times and seqs are within what a number holds exactly; internal ids are not, and are selected as text. */
export const INT8_AS_NUMBER: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}
