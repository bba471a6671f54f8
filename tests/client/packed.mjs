import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, workshop } from './build.mjs';

const kPackage = 'clients/typescript';

export const run = (cwd, command, ...values) =>
  execFileSync(command, values, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** The package in a clean clone; with `tools`, `npm ci` was run at its root. */
export function cleanClone({ tools }) {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-clone-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const ours = ['.gitignore', '.npmrc', 'LICENSE', 'package.json', kPackage];
  const list = run(
    root,
    'git',
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--',
    ...ours,
  );
  for (const file of list.split('\0').filter(Boolean)) cpSync(join(root, file), join(folder, file));
  run(folder, 'git', 'init', '--quiet');
  run(folder, 'git', 'add', '--all');
  if (tools) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { folder, client: join(folder, kPackage) };
}

/** `npm pack` in the package's own folder of a clone; returns the tarball. */
export function pack({ client }, to) {
  run(client, 'npm', 'pack', '--silent', '--pack-destination', to);
  return join(
    to,
    readdirSync(to).find((name) => name.endsWith('.tgz')),
  );
}

/** A project that has the packed client, and nothing else of its own. */
export function projectWith(tarball) {
  const project = join(workshop(), 'project');
  mkdirSync(project);
  const dependencies = {
    '@heliograph/client': `file:${tarball}`,
    'socket.io-client': `file:${join(root, 'node_modules/socket.io-client')}`,
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies }));
  run(
    project,
    'npm',
    'install',
    '--offline',
    '--install-links=false',
    '--no-audit',
    '--no-package-lock',
  );
  return project;
}

/** A project with the client as npm packs it. */
export const installPacked = () => projectWith(pack(cleanClone({ tools: true }), workshop()));

/** Compiles the project's files as strictly as TypeScript can. */
export function compile(project, files, ...options) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes'];
  try {
    run(
      project,
      process.execPath,
      compiler,
      ...strict,
      '--noEmit',
      '--target',
      'es2022',
      ...options,
      ...files,
    );
  } catch ({ stdout }) {
    throw new Error(`${options.join(' ')}\n${stdout}`);
  }
}
