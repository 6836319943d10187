/** Where the server is: beside this page, whatever path a proxy has put it behind. With a slash at the end. */
export function baseUrl(): string {
  return new URL('.', document.baseURI).href
}
