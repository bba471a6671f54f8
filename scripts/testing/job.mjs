// Runs one test file in a process group of its own, so that all that it started ends with it.
import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

const kMinutesPerFile = 10;
const kReportTime = 5_000; // in milliseconds

const running = new Set();

/** The process groups of the files that run now. */
export const runningGroups = () => new Set([...running].map(({ pid }) => pid));

function stop(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

export function stopAll() {
  running.forEach(stop);
}

/** Resolves to `{name, output, seconds, passed, failed}`. A file that runs no test has failed. */
export function runJob({ name, command, count }, environment) {
  return new Promise((done) => {
    const started = Date.now();
    const child = spawn(command[0], command.slice(1), { env: environment, detached: true });
    running.add(child);
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    const timer = setTimeout(() => {
      output += `\nStopped after ${kMinutesPerFile} minutes.\n`;
      child.kill('SIGUSR2'); // Node then writes what it waits for; other programs just end.
      setTimeout(() => stop(child), kReportTime);
    }, kMinutesPerFile * 60_000);
    child.on('error', (error) => collect(`${error.message}\n`));
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      running.delete(child);
      stop(child);
      output = stripVTControlCharacters(output);
      const result = count(output, exitCode);
      if (result.passed + result.failed === 0) {
        output += '\nThis file ran no test.\n';
        result.failed = 1;
      }
      done({ name, output, seconds: (Date.now() - started) / 1000, ...result });
    });
  });
}
