// Values for the chart deploy/helm/heliograph, each set one that an operator may have.

export const secrets = { appSecret: 'app-secret-'.repeat(4), appPass: 'app-pass-'.repeat(4) };
const redisPassword = 'redis-password-of-the-chart';
export const builtIn = { enabled: true, password: redisPassword };
export const turn = {
  urls: ['turn:turn.example.org', 'turns:turn.example.org?transport=tcp'],
  secret: 'turn-secret-of-values',
};
export const ingress = { enabled: true, host: 'signal.example.org', tlsSecretName: 'certificate' };

/** Sets of values, each by what it is for. */
export const cases = {
  'one node': secrets,
  'three nodes with a Redis': {
    ...secrets,
    replicaCount: 3,
    redis: { url: 'rediss://user:redis-password-of-values@redis.example.org:6380/1' },
  },
  'three nodes with the built-in Redis': { ...secrets, replicaCount: 3, redis: { builtIn } },
  'as many nodes as it takes': { ...secrets, autoscaling: { enabled: true }, redis: { builtIn } },
  'an ingress': { ...secrets, ingress, trustedProxies: ['10.244.0.0/16', 'fd00::/8'] },
  'a base path': { ...secrets, ingress, basePath: '/a/rtc' },
  'a load balancer': {
    ...secrets,
    service: { type: 'LoadBalancer', port: 443, annotations: { 'example.org/a': 'b' } },
  },
  'TURN and STUN': {
    ...secrets,
    turn,
    iceServers: [
      { urls: 'stun:stun.example.org' },
      { urls: ['turn:old.example.org'], username: 'u', credential: 'ice-credential-of-values' },
    ],
  },
  'settings of every type': {
    ...secrets,
    settings: {
      WORKERS: 4,
      MAX_BUFFERED_BYTES: 268435456,
      DEMO: true,
      REDIS_EMITTER: false,
      LOG_FORMAT: 'json',
      SHUTDOWN_TIMEOUT: 30500,
    },
  },
  'all that a pod may have': {
    ...secrets,
    nameOverride: 'signal',
    image: { repository: 'registry.example.org/heliograph', tag: 'next' },
    imagePullSecrets: [{ name: 'registry' }],
    serviceAccount: { create: false },
    extraVolumes: [{ name: 'authority', configMap: { name: 'authority' } }],
    extraVolumeMounts: [{ name: 'authority', mountPath: '/authority', readOnly: true }],
    podAnnotations: { 'example.org/a': 'b' },
    podLabels: { 'example.org/c': 'd' },
    priorityClassName: 'high',
    nodeSelector: { disk: 'fast' },
    tolerations: [{ key: 'signal', operator: 'Exists' }],
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' },
    ],
  },
};

/** Values that are refused: what they are, the values, and what is said of them. */
export const refused = [
  ['no secrets', {}, /set existingSecret .*or set both appSecret and appPass/],
  ['half of the secrets', { appSecret: secrets.appSecret }, /set both appSecret and appPass/],
  ['secrets twice', { ...secrets, existingSecret: 'a' }, /leave appSecret and appPass empty/],
  ['a secret that the server would refuse', { ...secrets, appSecret: 'short' }, /at '\/appSecret'/],
  [
    'several nodes without a Redis',
    { ...secrets, replicaCount: 2 },
    /several nodes need a Redis.*redis\.url/,
  ],
  [
    'autoscaling without a Redis',
    { ...secrets, autoscaling: { enabled: true } },
    /several nodes need a Redis/,
  ],
  ['two Redis', { ...secrets, redis: { url: 'redis://a', builtIn } }, /set one of redis\.url/],
  [
    'a Redis without a password',
    { ...secrets, redis: { builtIn: { enabled: true } } },
    /redis\.builtIn\.password/,
  ],
  [
    'TURN servers without their secret',
    { ...secrets, turn: { urls: turn.urls } },
    /turn\.urls needs/,
  ],
  ['a TURN secret without servers', { ...secrets, turn: { secret: 'a' } }, /need turn\.urls/],
  ['an ingress for no name', { ...secrets, ingress: { enabled: true } }, /needs ingress\.host/],
  ['a mistyped value', { ...secrets, replicas: 3 }, /additional properties 'replicas' not allowed/],
  ['a mistyped value within', { ...secrets, ingress: { enable: true } }, /'enable' not allowed/],
  [
    'a value of the wrong type',
    { ...secrets, replicaCount: 'three' },
    /at '\/replicaCount'.*want integer/,
  ],
  [
    'a mistyped setting',
    { ...secrets, settings: { MAX_PAYLOD: 1 } },
    /at '\/settings'.*'MAX_PAYLOD' not allowed/,
  ],
];

/** Settings that have a value of their own elsewhere, or none. */
export const settingsElsewhere = [
  'APP_SECRET',
  'APP_PASS',
  'APP_PORT',
  'BASE_PATH',
  'TRUSTED_PROXIES',
  'PROXY_PROTOCOL',
  'ICE_SERVERS',
  'TURN_URLS',
  'TURN_SECRET',
  'REDIS_URL',
  'NODE_ID',
];
