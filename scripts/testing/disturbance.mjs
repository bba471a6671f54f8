// Disturbs tests as a shared machine does, to prove that they bear it.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const kLongestStop = 3_000; // milliseconds
const kLongestRun = 8_000; // between two stops of a process
const kStoppable = new Set(['heliograph', 'redis-server']);

/** Keeps every core busy with an endless loop at normal priority; returns what ends that. */
export function keepBusy() {
  const loops = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  return () => loops.forEach((loop) => loop.kill('SIGKILL'));
}

/** Of /proc/PID/stat: the program's name, and its process group. */
function describe(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const [, , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { name, group: Number(group) };
  } catch {
    return { name: '', group: 0 };
  }
}

// Long because its timers share the set of servers that are watched.
/** Stops and continues every server of the groups at random; returns what ends that, and a count. */
export function stallServers(groups) {
  const watched = new Set();
  const timers = new Set();
  let stops = 0;
  let isOver = false;
  const after = (milliseconds, action) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, milliseconds);
    timers.add(timer);
  };
  const isServer = (pid) => {
    const { name, group } = describe(pid);
    return kStoppable.has(name) && groups().has(group);
  };
  const signal = (pid, name) => {
    if (isServer(pid)) process.kill(pid, name);
    else watched.delete(pid);
    return watched.has(pid);
  };
  const disturb = (pid) =>
    after(Math.random() * kLongestRun, () => {
      if (!signal(pid, 'SIGSTOP')) return;
      stops += 1;
      after(Math.random() * kLongestStop, () => signal(pid, 'SIGCONT') && disturb(pid));
    });
  const look = () => {
    for (const pid of readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)) {
      if (watched.has(pid) || !isServer(pid)) continue;
      watched.add(pid);
      disturb(pid);
    }
    if (!isOver) after(200, look);
  };
  look();
  return () => {
    isOver = true;
    timers.forEach(clearTimeout);
    watched.forEach((pid) => signal(pid, 'SIGCONT'));
    return stops;
  };
}
