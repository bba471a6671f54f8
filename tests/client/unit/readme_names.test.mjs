// The README of the package names everything that the package exports.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../build.mjs';

const kPackage = join(root, 'clients/typescript');
const kHidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

const { config } = ts.readConfigFile(join(kPackage, 'tsconfig.json'), ts.sys.readFile);
const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, kPackage);
const program = ts.createProgram(fileNames, options);
const checker = program.getTypeChecker();

function exportsOf(file) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(join(kPackage, 'src', file)));
  return checker
    .getExportsOfModule(module)
    .map((symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    );
}

function isPublic({ flags, name, declarations: [declaration] }) {
  const isNamed = flags & (ts.SymbolFlags.ClassMember | ts.SymbolFlags.Accessor);
  const isHidden = name.startsWith('#') || ts.getCombinedModifierFlags(declaration) & kHidden;
  return isNamed && !isHidden && !(flags & ts.SymbolFlags.Prototype);
}

/** The members that the class or interface has itself, and those that an alias stands for. */
function membersOf(symbol) {
  if (symbol.flags & ts.SymbolFlags.Function) return [];
  if (symbol.flags & ts.SymbolFlags.TypeAlias) {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    return type.isUnion() ? [] : type.getProperties();
  }
  const all = [...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])];
  return all.filter((member) => member.declarations && isPublic(member));
}

/** The texts that an alias allows, such as the codes of errors. */
function textsOf(symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const parts = type.isUnion() ? type.types : [];
  return parts.filter((part) => part.isStringLiteral()).map(({ value }) => value);
}

/** The fields of each event, if the type says which events there are. */
function fieldsOf(symbol) {
  if (!symbol.name.endsWith('Events')) return [];
  return membersOf(symbol).flatMap((event) =>
    checker
      .getTypeOfSymbol(event)
      .getProperties()
      .map(({ name }) => name),
  );
}

const namesIn = (symbol) => [
  ...membersOf(symbol).map(({ name }) => name),
  ...textsOf(symbol),
  ...fieldsOf(symbol),
];

/** The code of a text: between backticks, and in examples. */
const codeOf = (text) => (text.match(/^```.*?^```|`[^`\n]+`/gms) ?? []).join('\n');
const hasWord = (text, word) => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text);

const readme = readFileSync(join(kPackage, 'README.md'), 'utf8');
/** A part of the README begins with a name in bold, and ends before the next one, or a heading. */
const parts = readme.split(/^(?=(?:- |\| )?\*\*`|## )/m);
const partsAbout = (name) => parts.filter((part) => part.includes(`**\`${name}\`**`));

describe('the README of the package', () => {
  for (const file of ['index.ts', 'stats.ts']) {
    test(`names every export of ${file}`, () => {
      const names = exportsOf(file).map(({ name }) => name);
      assert.ok(names.length >= 4);
      assert.deepEqual(
        names.filter((name) => !hasWord(codeOf(readme), name)),
        [],
      );
    });
  }

  test('has a name in bold only for exports', () => {
    const exported = ['index.ts', 'stats.ts'].flatMap(exportsOf).map(({ name }) => name);
    const bold = [...readme.matchAll(/\*\*`([^`]+)`\*\*/g)].map(([, name]) => name);
    assert.ok(bold.length >= 20);
    assert.deepEqual(
      bold.filter((name) => !exported.includes(name)),
      [],
    );
  });

  for (const symbol of [...exportsOf('index.ts'), ...exportsOf('stats.ts')]) {
    const names = namesIn(symbol);
    if (names.length === 0) continue;
    test(`names every part of ${symbol.name}`, () => {
      const code = codeOf(partsAbout(symbol.name).join('\n'));
      assert.deepEqual([...new Set(names.filter((name) => !hasWord(code, name)))], []);
    });
  }
});
