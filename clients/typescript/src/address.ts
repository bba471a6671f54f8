import { SignalError } from './error.js';

// A scheme that Socket.IO knows, or none; a host with or without a port; a path; a query.
const kAddress =
  /^((?:(?:http|ws)s?:\/\/)?(?:[^\s/?#:[\]]+|\[[\da-f:.]+\])(?::\d+)?)(\/(?!\/)[^\s?#]*)?(\?[^\s#]*)?$/i;

/**
 * The host of a server, and the path of its Socket.IO there. The path of the URL is the server's
 * base path: with `https://host/rtc` it is `/rtc/socket.io/`.
 */
export function addressOf(url: string): [server: string, path: string] {
  const parts = kAddress.exec(url);
  if (!parts) throw new SignalError('invalid-url', `No address of a server: "${url}"`);
  const [, server = '', base = '', query = ''] = parts;
  return [server + query, base.replace(/\/+$/, '') + '/socket.io/'];
}
