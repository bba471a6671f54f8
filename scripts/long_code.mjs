// node scripts/long_code.mjs [TREE]: lists the files over 400 lines and the functions over 40, in
// C++, JavaScript and TypeScript, of this repository or of the one in TREE. It is a list and not a
// gate: it always succeeds. CONTRIBUTING.md says how an entry gives its reason.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const kMostFileLines = 400;
const kMostFunctionLines = 40;

const tree = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..'));
const run = (program, ...words) =>
  execFileSync(program, words, { cwd: tree, encoding: 'utf8', maxBuffer: 1 << 28 });
const linesOf = (file) => readFileSync(join(tree, file), 'utf8').replace(/\n$/, '').split('\n');
const isComment = (line) => /^\s*(\/\/|\/\*|\*)/.test(line);

function reasonIn(comments) {
  const reasons = comments.map((line) => /Long because (.*?)\s*(?:\*\/)?$/.exec(line)?.[1]);
  return reasons.find(Boolean) ?? 'no reason given';
}

/** The comment that the file begins with. */
function headOf(lines) {
  const end = lines.findIndex((line) => !isComment(line));
  return lines.slice(0, end);
}

/** The comment directly above this line, which is counted from 1. */
function commentAbove(lines, line) {
  let start = line - 1;
  while (start > 0 && isComment(lines[start - 1])) start -= 1;
  return lines.slice(start, line - 1);
}

/** Each function of these files: `{file, name, start, end}`, lines counted from 1. */
function cppFunctions(files) {
  if (files.length === 0) return [];
  const options = ['--languages=C++', '--kinds-C++=f', '--fields=+neS', '--output-format=json'];
  return run('ctags', ...options, '-f', '-', ...files)
    .split('\n')
    .filter(Boolean)
    .map((tag) => JSON.parse(tag))
    .map(({ path, name, signature, line, end }) => ({
      file: path,
      name: name.startsWith('TEST') ? name + signature : name,
      start: line,
      end: end ?? line,
    }));
}

const isCallOf = (node, name) =>
  node &&
  ts.isCallExpression(node) &&
  ts.isIdentifier(node.expression) &&
  node.expression.text === name;

/** Its own name, that of what it is assigned to, or the title of the test that it is. */
function nameOf(node, source) {
  const { parent } = node;
  const [title] = ts.isCallExpression(parent) ? parent.arguments : [];
  const named = node.name ?? parent.name ?? (title === node ? undefined : title);
  return named?.getText(source) ?? 'a function without a name';
}

/** As cppFunctions. The callback of a `describe` only groups tests: these are listed themselves. */
function scriptFunctions(file) {
  const text = readFileSync(join(tree, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineAt = (position) => source.getLineAndCharacterOfPosition(position).line + 1;
  const functions = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body && !isCallOf(node.parent, 'describe')) {
      const [start, end] = [lineAt(node.getStart(source)), lineAt(node.end)];
      functions.push({ file, name: nameOf(node, source), start, end });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return functions;
}

function print(title, entries) {
  console.log(title);
  entries.sort((one, other) => other.lines - one.lines);
  for (const { lines, name, reason } of entries) {
    console.log(`${String(lines).padStart(6)}  ${name}: ${reason}`);
  }
}

const files = run('git', 'ls-files', '*.cpp', '*.hpp', '*.mjs', '*.js', '*.ts')
  .split('\n')
  .filter(Boolean);
const isCpp = (file) => /\.[ch]pp$/.test(file);
const lines = new Map(files.map((file) => [file, linesOf(file)]));
const functions = [
  ...cppFunctions(files.filter(isCpp)),
  ...files.filter((file) => !isCpp(file)).flatMap(scriptFunctions),
];

const longFiles = files
  .map((file) => ({
    name: file,
    lines: lines.get(file).length,
    reason: reasonIn(headOf(lines.get(file))),
  }))
  .filter((entry) => entry.lines > kMostFileLines);
const longFunctions = functions
  .map(({ file, name, start, end }) => ({
    name: `${file}:${start} ${name}`,
    lines: end - start + 1,
    reason: reasonIn(commentAbove(lines.get(file), start)),
  }))
  .filter((entry) => entry.lines > kMostFunctionLines);
print(`Files over ${kMostFileLines} lines:`, longFiles);
print(`Functions over ${kMostFunctionLines} lines:`, longFunctions);
