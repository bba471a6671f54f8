import { SignalError } from './error.js';

// An address has a scheme of Socket.IO or none, a host, perhaps a port, a path and a query.
const kAddress =
  /^((?:(?:http|ws)s?:\/\/)?(?:[^\s/?#:[\]]+|\[[\da-f:.]+\])(?::\d+)?)(\/(?!\/)[^\s?#]*)?(\?[^\s#]*)?$/i;

/**
 * Returns the host of a server, and the path of its Socket.IO. The path of the URL is the server's
 * base path: for `https://host/rtc` the result is `/rtc/socket.io/`.
 */
export function addressOf(url: string): [server: string, path: string] {
  const parts = kAddress.exec(url);
  if (!parts) throw new SignalError('invalid-url', `Not the address of a server: "${url}"`);
  const [, server = '', base = '', query = ''] = parts;
  return [server + query, base.replace(/\/+$/, '') + '/socket.io/'];
}
