/** Every message of `/ws/compile`, with descriptions and examples: the AsyncAPI description is made from these schemas. */
export * from './client-messages.js'
export * from './server-messages.js'
