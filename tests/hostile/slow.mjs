const kInterval = 100; // milliseconds between two reads
const kBytesARead = 1_000;

/** From now on the client reads 10 kB/s at most, whatever comes; until the timer is cleared. */
export function slowDown({ socket }) {
  socket.removeAllListeners('data');
  socket.pause();
  socket.on('readable', () => {});
  return setInterval(() => socket.read(kBytesARead), kInterval).unref();
}
