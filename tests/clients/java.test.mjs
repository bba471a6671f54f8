import { join } from 'node:path';
import { testFlow } from './flow.mjs';
import { install, root } from './toolchain.mjs';

const folder = join(root, 'build/clients/java');
const maven = ['mvn', '--batch-mode', '--quiet', '--update-snapshots', `-Dfolder=${folder}`];
const copyJars = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const jars = join(folder, 'dependency/*');
const installed = install({
  language: 'java',
  tools: [
    { name: 'JDK 11', command: ['javac', '-version'], least: '11.0' },
    { name: 'Maven', command: ['mvn', '--version'], least: '3.6' },
  ],
  download: () => [[...maven, copyJars]],
  build: () => [
    [
      'javac',
      '--release',
      '11',
      '-encoding',
      'UTF-8',
      '-cp',
      jars,
      '-d',
      join(folder, 'classes'),
      'App.java',
    ],
  ],
});

if (installed) {
  // So many machines start here that compiling less is quicker.
  const java = ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];
  const app = ['-cp', `${join(folder, 'classes')}:${jars}`, 'App'];
  testFlow({ name: 'Java 2.1', command: [...java, ...app] });
}
