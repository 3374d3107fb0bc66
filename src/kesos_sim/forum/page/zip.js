/** JSON that comes as gzip. */

/** @param {DataView|ArrayBuffer|Uint8Array|null|undefined} bytes @returns {Promise<any>} */
export async function unzipped(bytes) {
  if (!bytes || bytes.byteLength === 0) return null;
  const stream = new Blob([/** @type {any} */ (bytes)])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}
