// node scripts/sbom.mjs PROGRAM: prints what the program is made of, as an SPDX 2.3 document in JSON:
// Debian's packages that are compiled into it, those that it loads, and the npm packages of the
// pages that it carries. Versions are those installed here.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const program = process.argv[2];
const root = new URL('..', import.meta.url);
const read = (name) => readFileSync(new URL(name, root), 'utf8');
const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' });
const version = read('VERSION').trim();
const created = new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000).toISOString();
const bytes = readFileSync(program);
const sha256 = createHash('sha256').update(bytes).digest('hex');

// Headers and archives: their code ends up in the program.
const compiledIn = [
  /^libboost(\d[\d.]*)?-dev$/,
  /^libfmt-dev$/,
  /^libcli11-dev$/,
  /^libtomlplusplus-dev$/,
  /^libhiredis-dev$/,
  /^nlohmann-json3-dev$/,
  /^libstdc\+\+-\d+-dev$/,
];

const lines = (text) => text.split('\n').filter(Boolean);
const debian = run('sh', '-c', '. /etc/os-release; echo "$ID-$VERSION_ID"').trim();

function installed() {
  const format = '${db:Status-Status} ${Package} ${Version} ${Architecture}\n';
  return lines(run('dpkg-query', '--show', `--showformat=${format}`))
    .map((line) => line.split(' '))
    .filter(([status]) => status === 'installed')
    .map(([, name, number, architecture]) => ({ name, version: number, architecture }));
}

function debianPackages() {
  const finder = new URL('scripts/loaded_packages', root).pathname;
  const used = new Set(lines(run(finder, program)));
  return installed()
    .filter(({ name }) => used.has(name) || compiledIn.some((pattern) => pattern.test(name)))
    .map(({ name, version: number, architecture }) => ({
      name,
      version: number,
      license: 'NOASSERTION',
      relation: used.has(name) ? 'DYNAMIC_LINK' : 'STATIC_LINK',
      purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(number)}?arch=${architecture}&distro=${debian}`,
    }));
}

/** socket.io-client, whose build for browsers the program carries, and all that is bundled in it. */
function npmPackages() {
  const { packages } = JSON.parse(read('package-lock.json'));
  const found = new Map();
  const add = (name) => {
    const entry = packages[`node_modules/${name}`];
    if (!entry || found.has(name)) return;
    found.set(name, {
      name,
      version: entry.version,
      license: entry.license ?? 'NOASSERTION',
      relation: 'STATIC_LINK',
      purl: `pkg:npm/${name.replace('@', '%40')}@${entry.version}`,
    });
    Object.keys(entry.dependencies ?? {}).forEach(add);
  };
  add('socket.io-client');
  return [...found.values()];
}

const identifier = (text) => `SPDXRef-${text.replace(/[^A-Za-z0-9.-]/g, '-')}`;

function describe({ name, version: number, license, purl }, extra = {}) {
  return {
    name,
    SPDXID: identifier(`${purl.split(/[:/]/)[1]}-${name}`),
    versionInfo: number,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: license,
    copyrightText: 'NOASSERTION',
    externalRefs: [
      { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl },
    ],
    ...extra,
  };
}

const self = describe(
  { name: 'heliograph', version, license: 'MIT', purl: `pkg:generic/heliograph@${version}` },
  {
    checksums: [{ algorithm: 'SHA256', checksumValue: sha256 }],
    primaryPackagePurpose: 'APPLICATION',
    supplier: 'Organization: The Heliograph authors',
  },
);
const parts = [...debianPackages(), ...npmPackages()];

console.log(
  JSON.stringify(
    {
      spdxVersion: 'SPDX-2.3',
      dataLicense: 'CC0-1.0',
      SPDXID: 'SPDXRef-DOCUMENT',
      name: `heliograph-${version}`,
      documentNamespace: `https://heliograph.invalid/spdx/heliograph-${version}-${sha256}`,
      creationInfo: {
        created: created.replace('.000Z', 'Z'),
        creators: ['Tool: scripts/sbom.mjs'],
      },
      packages: [self, ...parts.map((part) => describe(part))],
      relationships: [
        {
          spdxElementId: 'SPDXRef-DOCUMENT',
          relationshipType: 'DESCRIBES',
          relatedSpdxElement: self.SPDXID,
        },
        ...parts.map((part) => ({
          spdxElementId: self.SPDXID,
          relationshipType: part.relation,
          relatedSpdxElement: describe(part).SPDXID,
        })),
      ],
    },
    null,
    2,
  ),
);
