import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { functionLength } from './scripts/eslint/function_length.mjs';

export default defineConfig(
  { ignores: ['build/', 'dist/', 'clients/typescript/dist/'] },
  js.configs.recommended,
  {
    plugins: { heliograph: { rules: { 'function-length': functionLength } } },
    rules: { 'heliograph/function-length': ['error', 60] },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // The compiler knows which names there are.
      'no-undef': 'off',
      // Old browsers, pages without HTTPS and Node lack some of what the DOM's types promise. What
      // peers and servers send need not be what its type says, either.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // A function in an interface that is written as a property needs no `this`.
      '@typescript-eslint/method-signature-style': 'error',
      // `() => done()` is short for a function that returns nothing.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.strict],
    // Tests hand functions to pages, so a file may have parts for Node and parts for browsers.
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }] },
  },
  {
    // Its handlers share a closure, as those of Socket.IO's applications do: the memory that they
    // take is measured.
    files: ['bench/peers/handlers.mjs'],
    rules: { 'heliograph/function-length': 'off' },
  },
);
