import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const kPapers = ['README.md', 'examples/README.md'];
/** The names of the examples, in their order in the papers, and what each is written in. */
export const kExamples = {
  hello: 'js',
  greet: 'js',
  commands: 'js',
  stats: 'js',
  large: 'js',
  file: 'ts',
  bitrate: 'js',
  react: 'tsx',
};

/** Every example of the installed package's papers: `{language, code}`. */
export function examplesOf(project) {
  const client = join(project, 'node_modules/@heliograph/client');
  return kPapers.flatMap((paper) =>
    [...readFileSync(join(client, paper), 'utf8').matchAll(/^```([jt]sx?)\n(.*?)^```$/gms)].map(
      ([, language, code]) => ({ language, code }),
    ),
  );
}

/** The code of an example, with these addresses in the place of those that are printed. */
export function exampleOf(project, name, { server = 'http://localhost:5000', token } = {}) {
  const { code } = examplesOf(project)[Object.keys(kExamples).indexOf(name)];
  return code
    .replace('http://localhost:5000', server)
    .replace('https://example.org/my-app/token', token);
}
