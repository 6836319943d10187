/** Stands for the validator that @rjsf/core loads for tests of its own: that one makes code from schemas, which the page's policy forbids. */
export default undefined
