/** Bytes of one photo's file. */
export const MAX_PHOTO_BYTES = 10 * 1024 * 1024

/** Pixels of one photo: what a phone of 50 megapixels takes fits; one of 100 is refused before anything is decoded. */
export const MAX_PHOTO_PIXELS = 60_000_000

/** The longer side of the picture that lines of text are cut out of, in pixels. */
export const MAX_SIDE = 3200

/** The longer side of the picture in which text is looked for, in pixels. A multiple of 32, as the model wants it. */
export const DETECTION_SIDE = 1472

/** Lines of text that are read in one photo: the largest ones, where there are more. */
export const MAX_LINES = 400
