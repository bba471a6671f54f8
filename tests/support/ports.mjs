import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';

// Below the range from which systems assign ports (Linux: from 32768). So no browser gets the port
// between this check and the start of the server.
const range = { first: 10_240, last: 32_767 };

async function freePort(isFree) {
  for (;;) {
    const port = range.first + Math.floor(Math.random() * (range.last - range.first + 1));
    if (await isFree(port)) return port;
  }
}

async function isBound(binding) {
  try {
    await binding;
    return true;
  } catch {
    return false;
  }
}

/** A TCP port of the loopback that nobody listened on a moment ago. */
export function freeTcpPort() {
  return freePort(async (port) => {
    const listener = net.createServer().listen(port, '127.0.0.1');
    if (!(await isBound(once(listener, 'listening')))) return false;
    listener.close();
    await once(listener, 'close');
    return true;
  });
}

/** The same of UDP. */
export function freeUdpPort() {
  return freePort(async (port) => {
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    if (!(await isBound(once(socket, 'listening')))) return false;
    socket.close();
    return true;
  });
}
