/** How high a line of a log is, in pixels; the same as in the style sheet. */
export const ROW_HEIGHT = 20
