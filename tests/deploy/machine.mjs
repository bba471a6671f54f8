// A copy of this machine's files that a test may change: an overlay in a mount namespace of its
// own, which is gone when the test ends. Processes and the network are the machine's.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { within } from '../support/patience.mjs';

// Proc and the devices are not the overlay's; what a package asks of systemd is written down.
const prepare = `
set -eu
base=$1
mount -t tmpfs none "$base"
mkdir "$base/upper" "$base/work" "$base/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$base/upper,workdir=$base/work" "$base/root"
mount --rbind /proc "$base/root/proc"
mount --rbind /dev "$base/root/dev"
mkdir -p "$base/root/run/systemd/system" "$base/root/tmp"
cat >"$base/root/usr/bin/systemctl" <<'END'
#!/bin/sh
case " $* " in
  *" is-enabled "*) [ -e /run/heliograph-enabled ] && echo enabled || echo disabled ;;
  *" is-active "*) [ -e /run/heliograph-enabled ] ;;
  *) echo "$*" >>/run/systemctl.log ;;
esac
END
chmod 755 "$base/root/usr/bin/systemctl"
rm -f "$base/root/usr/sbin/policy-rc.d"
chroot "$base/root" dpkg --purge heliograph >/dev/null 2>&1 || true
rm -rf "$base/root/etc/heliograph" "$base/root/run/systemctl.log"
echo ready
# Until the test has ended.
exec cat >/dev/null
`;

export class Machine {
  #folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-machine-'));
  #holder;

  /** Nothing, and why, if this user may not make one. */
  static async make() {
    const machine = new Machine();
    const failure = await machine.#start().catch((error) => error.message);
    if (failure === null) return { machine };
    machine.end();
    return { failure };
  }

  async #start() {
    const args = [
      '--mount',
      '--propagation',
      'private',
      'bash',
      '-c',
      prepare,
      'prepare',
      this.#folder,
    ];
    this.#holder = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let errors = '';
    this.#holder.stderr.on('data', (data) => (errors += data));
    const failed = Promise.race([
      once(this.#holder, 'close').then(() => errors || 'it ended'),
      once(this.#holder, 'error').then(([error]) => error.message),
    ]);
    const ready = once(createInterface({ input: this.#holder.stdout }), 'line');
    return within(Promise.race([ready.then(() => null), failed]), 'an overlay');
  }

  /** The command that runs these words there. */
  command(...words) {
    const root = path.join(this.#folder, 'root');
    return ['nsenter', '--target', String(this.#holder.pid), '--mount', 'chroot', root, ...words];
  }

  /** Runs a script of bash there and returns what it prints. */
  run(script, ...args) {
    const [program, ...words] = this.command('bash', '-euc', script, 'script', ...args);
    const env = {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      DEBIAN_FRONTEND: 'noninteractive',
      LC_ALL: 'C',
    };
    const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8', env });
    assert.equal(status, 0, `${script}\n${stdout}${stderr}${error ?? ''}`);
    return stdout;
  }

  /** From now on systemd says that the service is enabled and runs. */
  enableService() {
    this.run('touch /run/heliograph-enabled');
  }

  /** The commands that systemd got since the previous call, except reading its files again. */
  systemctl() {
    const log = this.run('cat /run/systemctl.log 2>/dev/null || true; rm -f /run/systemctl.log');
    return log.split('\n').filter((line) => line && !line.includes('daemon-reload'));
  }

  end() {
    this.#holder.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true });
  }
}
