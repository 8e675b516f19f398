import {byId} from './dom.js';

/** The report's data, out of the gzip'ed base64 text in the page. */
export async function loadData() {
  if (typeof DecompressionStream === 'undefined') {
    throw new Error('This browser cannot unpack the data in this page: it lacks DecompressionStream. Chrome and ' +
                    'Edge have it since version 80, Safari since 16.4, Firefox since 113.');
  }
  try {
    const text = atob(byId('data').textContent.trim());
    const packed = new Uint8Array(text.length);
    for (let i = 0; i < text.length; ++i) packed[i] = text.charCodeAt(i);
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return JSON.parse(await new Response(stream).text());
  } catch (error) {
    throw new Error(`The data in this page cannot be unpacked; was the file cut short? (${error.message})`, {cause: error});
  }
}
