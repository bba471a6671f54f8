import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from './patience.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const buildFolder = path.resolve(root, process.env.HELIOGRAPH_BUILD ?? 'build/release');

const sanitizerReport =
  /(AddressSanitizer|LeakSanitizer|ThreadSanitizer|MemorySanitizer):|runtime error:/;
const inherited = /^(PATH|HOME|TMPDIR|LANG|LD_LIBRARY_PATH|LLVM_\w+|[A-Z]+SAN_OPTIONS)$/;

/**
 * The test's own environment without any setting of the server that the developer may have
 * exported.
 */
function cleanEnvironment(additions) {
  const kept = Object.entries(process.env).filter(([name]) => inherited.test(name));
  const added = Object.entries(additions).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(added.map(([name, value]) => [name, String(value)])),
  };
}

/** Those that run; none of them outlives the test process. */
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** One process of what we test; its lines are kept, and it always ends when the test does. */
export class Program {
  #child;
  #lines = [];
  /** The lines of standard error alone. */
  errorLines = [];
  #watchers = new Set();

  /**
   * `name`: what was built, or the path of any other; `descriptors`: how many file descriptors the
   * process may have; `stderr`: a descriptor that standard error goes to instead of to us.
   */
  constructor(name, args = [], { env = {}, cwd, descriptors, stderr = 'pipe' } = {}) {
    const binary = path.resolve(buildFolder, name);
    const limit = ['-c', `ulimit -n ${descriptors} && exec "$0" "$@"`, binary, ...args];
    const [command, commandArguments] = descriptors ? ['bash', limit] : [binary, args];
    this.name = name;
    this.#child = spawn(command, commandArguments, {
      cwd,
      env: cleanEnvironment(env),
      stdio: ['ignore', 'pipe', stderr],
    });
    running.add(this.#child);
    const read = (stream, take) => stream && createInterface({ input: stream }).on('line', take);
    read(this.#child.stdout, (line) => this.#arrived(line));
    read(this.#child.stderr, (line) => this.#arrived(line));
    read(this.#child.stderr, (line) => this.errorLines.push(line));
    this.exited = Promise.race([
      once(this.#child, 'close').then(([code, signal]) => ({ code, signal })),
      once(this.#child, 'error').then(([error]) => ({ code: null, signal: null, error })),
    ]).finally(() => running.delete(this.#child));
  }

  get pid() {
    return this.#child.pid;
  }

  get output() {
    return this.#lines.join('\n');
  }

  get running() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #arrived(line) {
    this.#lines.push(line);
    for (const watcher of this.#watchers) watcher(line);
  }

  /** The first non-empty result of `match(line)` among the lines so far and to come. */
  async line(match, what) {
    for (const line of this.#lines) {
      const found = match(line);
      if (found) return found;
    }
    let watcher;
    const arrival = new Promise((resolve) => {
      watcher = (line) => {
        const found = match(line);
        if (found) resolve(found);
      };
      this.#watchers.add(watcher);
    });
    const early = this.exited.then(({ code, signal, error }) => {
      throw new Error(
        `${this.name} ended (${error ?? code ?? signal}) before: ${what}\n${this.output}`,
      );
    });
    early.catch(() => {});
    try {
      return await within(
        Promise.race([arrival, early]),
        () => `${this.name}: ${what}\n${this.output}`,
      );
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  signal(name) {
    this.#child.kill(name);
  }

  /** Waits for the end that something else brings about. */
  async exit() {
    const outcome = await within(this.exited, () => `end of ${this.name}\n${this.output}`);
    this.assertNoSanitizerReport();
    return outcome;
  }

  /** Asks for an orderly end and requires one: exit code 0 and no sanitizer report. */
  async stop() {
    this.signal('SIGTERM');
    try {
      const { code, signal } = await this.exit();
      assert.deepEqual(
        { code, signal },
        { code: 0, signal: null },
        `how ${this.name} ended\n${this.output}`,
      );
    } finally {
      if (this.running) this.signal('SIGKILL');
    }
  }

  assertNoSanitizerReport() {
    assert.doesNotMatch(this.output, sanitizerReport, 'sanitizer report');
  }
}

/** Runs to the end a program that is to end by itself. */
export async function run(name, args, options) {
  const program = new Program(name, args, options);
  const { code, signal, error } = await program
    .exit()
    .finally(() => program.running && program.signal('SIGKILL'));
  if (error) throw error;
  return { code, signal, output: program.output, errorLines: program.errorLines };
}

/** Starts one of the test-only programs, which print `listening on port N`. */
export async function startProgram(name, { args = [], ...options } = {}) {
  const program = new Program(name, ['--port', '0', ...args], options);
  program.port = await program.line(
    (line) => Number(/listening on port (\d+)/.exec(line)?.[1]),
    'its port',
  );
  return program;
}
