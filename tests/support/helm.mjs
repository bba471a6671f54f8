// Helm, built from its source by the Go of this machine, and the objects that it makes of the
// chart.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { installFrom, root } from '../clients/toolchain.mjs';

export const chart = path.join(root, 'deploy/helm/heliograph');
const target = path.join(root, 'build/helm');
const folder = mkdtempSync(path.join(os.tmpdir(), 'heliograph-helm-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

// Helm without these takes the cluster for one of Kubernetes 1.20; its own builds set them, too.
const cluster = ['chartutil', 'lint/rules'].flatMap((name) => [
  `-X helm.sh/helm/v3/pkg/${name}.k8sVersionMajor=1`,
  `-X helm.sh/helm/v3/pkg/${name}.k8sVersionMinor=37`,
]);

/** Makes Helm ready, and returns whether it is: `installFrom` of tests/clients/toolchain.mjs. */
export function installHelm() {
  const build = ['nice', 'go', 'build', '-ldflags', ['-s -w', ...cluster].join(' '), '-o'];
  return installFrom({
    name: 'Helm',
    source: path.join(root, 'tests/deploy/helm'),
    target,
    mayFail: true,
    tools: [{ name: 'Go 1.26', command: ['go', 'version'], least: '1.26' }],
    download: () => [['go', 'list', '-deps', '.', 'tool']],
    build: () => [
      [...build, path.join(target, 'helm'), 'helm.sh/helm/v3/cmd/helm'],
      [...build, path.join(target, 'check-objects'), '.'],
    ],
  });
}

function run(name, args, input) {
  const options = {
    cwd: root,
    encoding: 'utf8',
    input,
    env: {
      PATH: process.env.PATH,
      HOME: folder, // Helm's cache and settings, and no cluster's.
    },
  };
  const { error, status: code, stdout, stderr } = spawnSync(path.join(target, name), args, options);
  if (error) throw error;
  return { code, stdout, stderr };
}

/** Runs Helm to its end: `{code, stdout, stderr}`. */
export const helm = (...args) => run('helm', args);

/** The name of a file with these values. */
export function valuesFile(values, name = 'values.yaml') {
  const file = path.join(folder, name);
  writeFileSync(file, typeof values === 'string' ? values : JSON.stringify(values));
  return file;
}

/** The objects in what Helm has printed, and the text itself. */
export class Rendering {
  constructor({ code, stdout, stderr }) {
    assert.equal(code, 0, stderr);
    this.text = stdout;
    this.objects = parseAllDocuments(stdout)
      .map((document) => document.toJS())
      .filter(Boolean);
  }

  all(kind) {
    return this.objects.filter((object) => object.kind === kind);
  }

  /** The one object of a kind, of several the one of a component. */
  one(kind, component) {
    const label = 'app.kubernetes.io/component';
    const found = this.all(kind).filter(
      ({ metadata }) => !component || metadata.labels[label] === component,
    );
    assert.equal(found.length, 1, `${found.length} of ${kind}`);
    return found[0];
  }

  /** The pod of the nodes, or of Redis. */
  pod(component = 'node') {
    return this.one('Deployment', component).spec.template;
  }

  container(component) {
    const { containers } = this.pod(component).spec;
    assert.equal(containers.length, 1);
    return containers[0];
  }

  /** The environment of a container; `given`: the Secrets that are no part of the chart. */
  environment(component, given = {}) {
    const { env, envFrom = [] } = this.container(component);
    const ofConfig = envFrom.map(({ configMapRef }) =>
      this.#dataOf('ConfigMap', configMapRef.name),
    );
    const values = env.map(({ name, valueFrom: { secretKeyRef } }) => {
      const data = given[secretKeyRef.name] ?? this.secrets(secretKeyRef.name);
      assert.ok(data[secretKeyRef.key], `${secretKeyRef.key} in ${secretKeyRef.name}`);
      return [name, data[secretKeyRef.key]];
    });
    return Object.assign({}, ...ofConfig, Object.fromEntries(values));
  }

  secrets(name) {
    const decode = (text) => Buffer.from(text, 'base64').toString();
    return Object.fromEntries(
      Object.entries(this.#dataOf('Secret', name)).map(([key, value]) => [key, decode(value)]),
    );
  }

  #dataOf(kind, name) {
    const found = this.all(kind).find(({ metadata }) => metadata.name === name);
    assert.ok(found, `${kind} ${name}`);
    return found.data;
  }
}

/** The objects for these values; `release`: the name that the chart is installed by. */
export const render = (values, release = 'heliograph') =>
  new Rendering(helm('template', release, chart, '--values', valuesFile(values)));

/** The notes that Helm prints after an installation. Without a cluster it prints objects alone. */
export function renderNotes(values, release) {
  const copy = path.join(folder, 'chart');
  cpSync(chart, copy, { recursive: true });
  const notes = path.join(copy, 'templates/NOTES.txt');
  const object = `kind: ConfigMap\ndata:\n  notes: {{ include "notes" . | quote }}\n`;
  writeFileSync(
    notes.replace('.txt', '.yaml'),
    `{{- define "notes" }}${readFileSync(notes, 'utf8')}{{ end }}\n${object}`,
  );
  const args = ['--values', valuesFile(values), '--show-only', 'templates/NOTES.yaml'];
  return new Rendering(helm('template', release, copy, ...args)).one('ConfigMap').data.notes;
}

/** The reason for which Helm refuses these values. */
export function refusal(values) {
  const { code, stdout, stderr } = helm(
    'template',
    'heliograph',
    chart,
    '--values',
    valuesFile(values),
  );
  assert.notEqual(code, 0, stdout);
  return stderr;
}

/** The mistakes for which a cluster's API would refuse these objects, or null. */
export function mistakesIn(text) {
  const { code, stdout, stderr } = run('check-objects', [], text);
  return code === 0 ? null : stdout + stderr;
}
