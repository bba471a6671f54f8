/**
 * The host of a server, and the path of its Socket.IO there. The path of the URL is the server's
 * base path: with `https://host/rtc` it is `/rtc/socket.io/`.
 */
export function addressOf(url: string): [server: string, path: string] {
  const [, server, base, query = ''] = /^(\w+:..[^/?]+)([^?]*?)\/*(\?.*)?$/.exec(url) ?? [];
  return [(server ?? url) + query, (base ?? '') + '/socket.io/'];
}
