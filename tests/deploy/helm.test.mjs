// deploy/helm/heliograph: the objects that Helm itself makes of the chart, and whether the server
// accepts their settings. No test can count on a cluster.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import {
  Rendering,
  chart,
  helm,
  installHelm,
  mistakesIn,
  refusal,
  render,
  renderNotes,
  valuesFile,
} from '../support/helm.mjs';
import { freeTcpPort } from '../support/ports.mjs';
import { Program, run } from '../support/program.mjs';
import { setting, settingNames } from '../support/settings.mjs';
import {
  builtIn,
  cases,
  ingress,
  refused,
  secrets,
  settingsElsewhere,
  turn,
} from './helm_values.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const description = parse(read('deploy/helm/heliograph/Chart.yaml'));

function testChart() {
  it('is what Helm’s own lint wants', () => {
    const { code, stdout } = helm('lint', '--strict', chart, '--values', valuesFile(secrets));
    assert.equal(code, 0, stdout);
    assert.doesNotMatch(stdout, /WARNING|ERROR/);
  });

  it('has the version of the server', () => {
    const [, version] = existsSync(path.join(root, 'VERSION'))
      ? [null, read('VERSION').trim()]
      : /^project\(heliograph VERSION (\S+)/m.exec(read('CMakeLists.txt'));
    const { version: ofChart, appVersion } = description;
    assert.deepEqual({ ofChart, appVersion }, { ofChart: version, appVersion: version });
  });

  it('knows every setting of the server, and no other', () => {
    const { properties } = JSON.parse(read('deploy/helm/heliograph/values.schema.json'));
    assert.deepEqual(Object.keys(properties.settings.properties), settingNames);
  });

  it('is the same each time it is rendered: it makes up nothing', () => {
    const values = { ...cases['three nodes with the built-in Redis'], turn };
    assert.equal(render(values).text, render(values).text);
  });
}

const selects = (selector, labels) =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);
const podsOf = (rendering) => rendering.all('Deployment').map(({ spec }) => spec.template);

function testContents(rendering, values) {
  it('is objects that a cluster takes', () => assert.equal(mistakesIn(rendering.text), null));

  it('is told nothing that the server does not know, and what it accepts', async () => {
    const env = rendering.environment();
    assert.deepEqual(
      Object.keys(env).filter((name) => !settingNames.includes(name)),
      [],
    );
    const { code, output } = await run('heliograph', ['--check-config'], { env });
    assert.equal(code, 0, output);
  });

  it('keeps its secrets in a Secret', () => {
    const rest = rendering.objects.filter(({ kind }) => kind !== 'Secret');
    const text = JSON.stringify(rest);
    for (const secret of Object.values(rendering.secrets(rendering.one('Secret').metadata.name))) {
      assert.ok(!text.includes(secret) && !text.includes(JSON.stringify(secret).slice(1, -1)));
    }
    const used =
      JSON.stringify(values).match(/(redis-password|turn-secret|ice-credential)[\w-]*/g) ?? [];
    for (const secret of used) assert.ok(!text.includes(secret), secret);
  });
}

function testConfinement(rendering) {
  it('is confined', () => {
    for (const { spec } of podsOf(rendering)) {
      assert.equal(spec.automountServiceAccountToken, false);
      const { runAsNonRoot, runAsUser, seccompProfile } = spec.securityContext;
      assert.deepEqual(
        [runAsNonRoot, runAsUser, seccompProfile.type],
        [true, 10001, 'RuntimeDefault'],
      );
      const [{ securityContext, resources }] = spec.containers;
      assert.deepEqual(securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      assert.ok(resources.limits.memory && resources.requests.cpu && resources.requests.memory);
      for (const key of ['hostNetwork', 'hostPID', 'hostIPC'])
        assert.equal(spec[key], undefined, key);
    }
    for (const account of rendering.all('ServiceAccount'))
      assert.equal(account.automountServiceAccountToken, false);
  });

  it('gets no variable of a Service that stands beside it', () => {
    for (const { spec } of podsOf(rendering)) assert.equal(spec.enableServiceLinks, false);
  });
}

function testReach(rendering) {
  const pods = podsOf(rendering);

  it('has each Service lead to the pods that it is for, by a port that they have', () => {
    for (const { spec, metadata } of rendering.all('Service')) {
      const chosen = pods.filter((pod) => selects(spec.selector, pod.metadata.labels));
      assert.equal(chosen.length, 1, metadata.name);
      const names = chosen[0].spec.containers[0].ports.map(({ name }) => name);
      assert.deepEqual(
        spec.ports.map(({ targetPort }) => targetPort),
        names,
      );
    }
  });

  it('has each Deployment know its pods', () => {
    for (const { spec } of rendering.all('Deployment')) {
      const chosen = pods.filter((pod) => selects(spec.selector.matchLabels, pod.metadata.labels));
      assert.deepEqual(chosen, [spec.template]);
    }
  });
}

function testLife(rendering) {
  it('is asked for its health where it answers', () => {
    const { ports, startupProbe, readinessProbe, livenessProbe } = rendering.container();
    const { APP_PORT, BASE_PATH = '' } = rendering.environment();
    assert.deepEqual(ports, [{ name: 'http', containerPort: Number(APP_PORT) }]);
    for (const { httpGet } of [startupProbe, livenessProbe])
      assert.deepEqual(httpGet, { path: `${BASE_PATH}/healthz`, port: 'http' });
    assert.deepEqual(readinessProbe.httpGet, { path: `${BASE_PATH}/readyz`, port: 'http' });
  });

  it('gets the time that it takes to stop', () => {
    const { terminationGracePeriodSeconds: seconds } = rendering.pod().spec;
    const { SHUTDOWN_TIMEOUT = setting('SHUTDOWN_TIMEOUT') } = rendering.environment();
    const before = rendering.container().lifecycle?.preStop.sleep.seconds ?? 0;
    assert.ok(seconds >= Number(before) + Number(SHUTDOWN_TIMEOUT) / 1000 + 5, `${seconds} s`);
  });
}

function testOneNode() {
  const rendering = render(secrets);

  it('is alone', () => {
    const { spec } = rendering.one('Deployment');
    assert.equal(spec.replicas, 1);
    assert.equal(spec.strategy.type, 'Recreate');
    assert.equal(rendering.environment().REDIS_URL, undefined);
    for (const kind of [
      'PodDisruptionBudget',
      'HorizontalPodAutoscaler',
      'Ingress',
      'NetworkPolicy',
    ])
      assert.deepEqual(rendering.all(kind), []);
  });

  it('is of the image of this version', () => {
    assert.equal(rendering.container().image, `heliograph:${description.appVersion}`);
    const [, user] = /^USER (\d+):\1$/m.exec(read('deploy/docker/Dockerfile'));
    assert.equal(rendering.pod().spec.securityContext.runAsUser, Number(user));
  });

  it('starts again when a setting or a secret changes, and not without', () => {
    const annotations = (values) =>
      JSON.stringify(render({ ...secrets, ...values }).pod().metadata.annotations);
    const now = JSON.stringify(rendering.pod().metadata.annotations);
    assert.equal(annotations({ service: { port: 81 } }), now);
    assert.notEqual(annotations({ settings: { LOG_LEVEL: 'warn' } }), now);
    assert.notEqual(annotations({ appPass: 'another-password' }), now);
  });

  it('takes its secrets from a Secret of the operator’s', () => {
    const own = { 'my-secrets': { APP_SECRET: secrets.appSecret, APP_PASS: secrets.appPass } };
    const theirs = render({ existingSecret: 'my-secrets' });
    assert.deepEqual(theirs.all('Secret'), []);
    assert.deepEqual(theirs.environment('node', own), rendering.environment());
  });

  it('can do without a setting that the chart has by default', () => {
    assert.ok('WORKERS' in rendering.environment());
    assert.ok(!('WORKERS' in render({ ...secrets, settings: { WORKERS: null } }).environment()));
  });
}

function testSettings() {
  it('are written as the server reads them', () => {
    const { WORKERS, MAX_BUFFERED_BYTES, DEMO, REDIS_EMITTER, LOG_FORMAT } = render(
      cases['settings of every type'],
    ).environment();
    assert.deepEqual(
      { WORKERS, MAX_BUFFERED_BYTES, DEMO, REDIS_EMITTER, LOG_FORMAT },
      {
        WORKERS: '4',
        MAX_BUFFERED_BYTES: '268435456',
        DEMO: 'on',
        REDIS_EMITTER: 'off',
        LOG_FORMAT: 'json',
      },
    );
  });

  it('tell of TURN, with the secret', () => {
    const env = render(cases['TURN and STUN']).environment();
    assert.equal(env.TURN_URLS, turn.urls.join(','));
    assert.equal(env.TURN_SECRET, turn.secret);
    assert.deepEqual(JSON.parse(env.ICE_SERVERS), cases['TURN and STUN'].iceServers);
  });

  it('tell of proxies', () => {
    assert.equal(
      render(cases['an ingress']).environment().TRUSTED_PROXIES,
      '10.244.0.0/16,fd00::/8',
    );
  });
}

function testSeveralNodes() {
  const values = cases['three nodes with a Redis'];
  const rendering = render(values);

  it('share a Redis', () => {
    assert.equal(rendering.one('Deployment').spec.replicas, 3);
    assert.equal(rendering.environment().REDIS_URL, values.redis.url);
    const own = render({ ...values, redis: { existingSecret: 'my-redis' } });
    assert.equal(
      own.environment('node', { 'my-redis': { REDIS_URL: 'redis://r' } }).REDIS_URL,
      'redis://r',
    );
  });

  it('go one at a time', () => {
    const budget = rendering.one('PodDisruptionBudget').spec;
    assert.equal(budget.maxUnavailable, 1);
    assert.ok(selects(budget.selector.matchLabels, rendering.pod().metadata.labels));
    const { strategy } = rendering.one('Deployment').spec;
    assert.deepEqual(strategy, {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  it('are spread over the machines', () => {
    const [{ topologyKey, labelSelector }] = rendering.pod().spec.topologySpreadConstraints;
    assert.equal(topologyKey, 'kubernetes.io/hostname');
    assert.ok(selects(labelSelector.matchLabels, rendering.pod().metadata.labels));
  });

  it('can be as many as it takes', () => {
    const scaled = render(cases['as many nodes as it takes']);
    const { scaleTargetRef, minReplicas, maxReplicas } = scaled.one('HorizontalPodAutoscaler').spec;
    const { metadata, spec } = scaled.one('Deployment', 'node');
    assert.equal(scaleTargetRef.name, metadata.name);
    assert.ok(minReplicas < maxReplicas);
    assert.equal(spec.replicas, undefined, 'Helm would set the number back');
  });
}

function testBuiltInRedis() {
  const rendering = render({ ...secrets, replicaCount: 3, redis: { builtIn } });

  it('is the one that the nodes ask, with its password', () => {
    const url = new URL(rendering.environment().REDIS_URL);
    const { metadata, spec } = rendering.one('Service', 'redis');
    assert.deepEqual([url.hostname, Number(url.port)], [metadata.name, spec.ports[0].port]);
    assert.equal(url.password, rendering.environment('redis').REDIS_PASSWORD);
    assert.equal(rendering.container('redis').ports[0].containerPort, spec.ports[0].port);
  });

  it('is reached by the nodes alone', () => {
    const {
      podSelector,
      policyTypes,
      ingress: [{ from }],
    } = rendering.one('NetworkPolicy').spec;
    assert.deepEqual(policyTypes, ['Ingress']);
    assert.ok(selects(podSelector.matchLabels, rendering.pod('redis').metadata.labels));
    assert.equal(from.length, 1);
    assert.ok(selects(from[0].podSelector.matchLabels, rendering.pod('node').metadata.labels));
    assert.ok(!selects(from[0].podSelector.matchLabels, rendering.pod('redis').metadata.labels));
  });

  // Nothing is changed but the port.
  it('starts, wants the password, and is found to be ready', async (t) => {
    const port = await freeTcpPort();
    const {
      command: [, , script],
      readinessProbe,
    } = rendering.container('redis');
    const env = rendering.environment('redis');
    const redis = new Program(
      '/bin/sh',
      ['-c', script.replace('redis-server -', `redis-server - --port ${port}`)],
      { env },
    );
    t.after(() => redis.stop());
    await redis.line((line) => /ready to accept connections/i.test(line), 'Redis is ready');
    const probe = readinessProbe.exec.command[2].replace('redis-cli', `redis-cli -p ${port}`);
    const ask = (environment) => run('/bin/sh', ['-c', probe], { env: environment });
    assert.equal((await ask(env)).code, 0);
    assert.notEqual((await ask({ REDIS_PASSWORD: 'wrong' })).code, 0);
  });
}

function testIngress() {
  const rendering = render(cases['an ingress']);
  const annotation = (name) =>
    rendering.one('Ingress').metadata.annotations[`nginx.ingress.kubernetes.io/${name}`];

  it('leads to the Service, for one name, with TLS', () => {
    const { tls, rules, ingressClassName } = rendering.one('Ingress').spec;
    assert.equal(ingressClassName, 'nginx');
    assert.deepEqual(tls, [{ hosts: ['signal.example.org'], secretName: 'certificate' }]);
    const [
      {
        host,
        http: {
          paths: [{ path: prefix, pathType, backend }],
        },
      },
    ] = rules;
    assert.deepEqual([host, prefix, pathType], ['signal.example.org', '/', 'Prefix']);
    const { metadata, spec } = rendering.one('Service');
    assert.deepEqual(backend.service, { name: metadata.name, port: { name: spec.ports[0].name } });
  });

  it('leads there from the base path', () => {
    const [
      {
        http: { paths },
      },
    ] = render(cases['a base path']).one('Ingress').spec.rules;
    assert.equal(paths[0].path, '/a/rtc');
  });

  it('sends a client that polls to one pod, as nginx of deploy/ does', () => {
    const [, by] = /^ +hash (\S+) consistent;$/m.exec(read('deploy/nginx/heliograph.conf'));
    assert.equal(annotation('upstream-hash-by'), by);
  });

  it('cuts no held poll and no quiet WebSocket, and takes what the server takes', () => {
    const silence = (Number(setting('PING_INTERVAL')) + Number(setting('PING_TIMEOUT'))) / 1000;
    for (const name of ['proxy-read-timeout', 'proxy-send-timeout'])
      assert.ok(Number(annotation(name)) > silence);
    assert.equal(annotation('proxy-body-size'), '1m');
    assert.ok(Number(setting('MAX_PAYLOAD')) <= 1024 * 1024);
  });

  it('is no matter for a load balancer, which keeps addresses and sends each to one pod', () => {
    const { type, externalTrafficPolicy, sessionAffinity } = render(cases['a load balancer']).one(
      'Service',
    ).spec;
    assert.deepEqual(
      [type, externalTrafficPolicy, sessionAffinity],
      ['LoadBalancer', 'Local', 'ClientIP'],
    );
  });
}

function testRefusals() {
  for (const [what, values, says] of refused) {
    it(`are refused: ${what}`, () => assert.match(refusal(values), says));
  }

  for (const name of settingsElsewhere) {
    it(`are refused: a setting that has its place elsewhere, or none: ${name}`, () => {
      const text = refusal({ ...secrets, settings: { [name]: 'x' } });
      assert.match(text, new RegExp(`settings\\.${name} cannot be set there: .+`));
    });
  }
}

function testNotes() {
  const notes = (values) => renderNotes(values, 'calls');

  it('say how to reach one node, and no secret', () => {
    const text = notes(secrets);
    assert.match(text, /port-forward service\/calls-heliograph 5000:80$/m);
    assert.match(text, /http:\/\/localhost:5000\/app$/m);
    assert.doesNotMatch(text, /WARNING|app-secret-|app-pass-/);
  });

  it('say where an ingress is, and warn of what is missing there', () => {
    assert.match(
      notes(cases['a base path']),
      /https:\/\/signal\.example\.org\/a\/rtc\/app$[^]*WARNING: trustedProxies is empty/m,
    );
    assert.doesNotMatch(notes(cases['an ingress']), /WARNING/);
    assert.match(
      notes({ ...secrets, ingress: { ...ingress, tlsSecretName: '' } }),
      /HTTPS pages only/,
    );
  });

  it('warn of the built-in Redis', () => {
    const text = notes(cases['three nodes with the built-in Redis']);
    assert.match(text, /WARNING: the built-in Redis/);
    assert.ok(!text.includes(builtIn.password));
  });
}

// The commands and the file of the section, with `template` in place of `install` and `upgrade`.
function testPage() {
  const [, section] = /^## Kubernetes\n(.*?)(?=^## |(?![^]))/ms.exec(read('docs/deploy.md'));
  const commands = [...section.matchAll(/^helm (?:[^\n]*\\\n)*[^\n]*$/gm)].map(([text]) =>
    text.replaceAll('\\\n', ' '),
  );
  const [, values] = /```yaml\n(.*?)```/s.exec(section);
  const file = valuesFile(values, 'heliograph.yaml');

  it('has commands that Helm takes', () => {
    assert.equal(commands.length, 2);
    for (const command of commands) {
      const words = command
        .replace(/^helm (install|upgrade --install)/, 'template')
        .trim()
        .split(/\s+/);
      const rendering = new Rendering(
        helm(...words.map((word) => (word === 'heliograph.yaml' ? file : word))),
      );
      assert.match(rendering.container().image, /^registry\.example\.org\/heliograph:/);
      assert.equal(mistakesIn(rendering.text), null);
    }
  });

  it('has values that the server accepts', async () => {
    const env = render(parse(values)).environment('node', {
      'heliograph-secrets': { APP_SECRET: secrets.appSecret, APP_PASS: secrets.appPass },
      'heliograph-redis': { REDIS_URL: 'redis://:password@redis:6379' },
      'heliograph-turn': { TURN_SECRET: turn.secret },
    });
    const { code, output } = await run('heliograph', ['--check-config'], { env });
    assert.equal(code, 0, output);
  });
}

if (installHelm()) {
  describe('deploy/helm/heliograph', testChart);
  for (const [what, values] of Object.entries(cases)) {
    describe(`the chart with ${what}`, () => {
      const rendering = render(values, 'calls');
      for (const test of [testContents, testConfinement, testReach, testLife])
        test(rendering, values);
    });
  }
  describe('one node of the chart', testOneNode);
  describe('settings of the chart', testSettings);
  describe('several nodes of the chart', testSeveralNodes);
  describe('the chart’s built-in Redis', testBuiltInRedis);
  describe('the chart’s ingress', testIngress);
  describe('values of the chart', testRefusals);
  describe('the chart’s notes', testNotes);
  describe('docs/deploy.md, Kubernetes', testPage);
}
