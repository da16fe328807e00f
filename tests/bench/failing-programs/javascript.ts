import { type FailingProgram, moduleName, pad, twoNumbers } from './program.ts';

const PACKAGE = `${JSON.stringify({ name: 'x', private: true, type: 'module' })}\n`;

/** Node itself, node:test, vitest and jest. */
export const javascript: readonly FailingProgram[] = [
  {
    name: 'node: property of undefined',
    toolchain: 'node',
    needs: ['node'],
    files: (v) => ({
      [`src/${v.file(1)}.mjs`]: `${pad(v, 1)}export function ${v.id(1)}(x) {\n  return x.${v.id(2)}.length;\n}\n${v.id(1)}({});\n`,
    }),
    command: (v) => `node src/${v.file(1)}.mjs`,
  },
  {
    name: 'node: name not defined',
    toolchain: 'node',
    needs: ['node'],
    files: (v) => ({ [`${v.file(1)}.mjs`]: `${pad(v, 1)}console.log(${v.id(3)} + 1);\n` }),
    command: (v) => `node ${v.file(1)}.mjs`,
  },
  {
    name: 'node: syntax error',
    toolchain: 'node',
    needs: ['node'],
    files: (v) => ({ [`${v.file(1)}.mjs`]: `${pad(v, 1)}function ${v.id(1)}() {\n  return (${v.number(1)};\n}\n` }),
    command: (v) => `node ${v.file(1)}.mjs`,
  },
  {
    name: 'node: missing file',
    toolchain: 'node',
    needs: ['node'],
    files: (v) => ({ [`${v.file(1)}.mjs`]: `${pad(v, 1)}import './${v.file(4)}.mjs';\n` }),
    command: (v) => `node ${v.file(1)}.mjs`,
  },
  {
    name: 'node: missing package',
    toolchain: 'node',
    needs: ['node'],
    files: (v) => ({ [`${v.file(1)}.mjs`]: `${pad(v, 1)}import x from '${v.file(5)}';\nconsole.log(x);\n` }),
    command: (v) => `node ${v.file(1)}.mjs`,
  },
  {
    name: 'node: no such file to read',
    toolchain: 'node',
    needs: ['node'],
    files: (v) => ({
      [`${v.file(1)}.mjs`]: `${pad(v, 1)}import { readFileSync } from 'node:fs';\nconst ${v.id(1)} = readFileSync('${v.file(2)}.json', 'utf8');\nconsole.log(${v.id(1)});\n`,
    }),
    command: (v) => `node ${v.file(1)}.mjs`,
  },
  {
    name: 'node: broken JSON',
    toolchain: 'node',
    needs: ['node'],
    files: (v) => ({
      [`${v.file(1)}.mjs`]: `${pad(v, 1)}import { readFileSync } from 'node:fs';\nJSON.parse(readFileSync('${v.file(2)}.json', 'utf8'));\n`,
      [`${v.file(2)}.json`]: `{ "${v.id(1)}": ${v.number(1)}, }`,
    }),
    command: (v) => `node ${v.file(1)}.mjs`,
  },
  {
    name: 'node: port in use',
    toolchain: 'node',
    needs: ['node'],
    files: (v) => ({
      [`${v.file(1)}.mjs`]: `${pad(v, 1)}import { createServer } from 'node:net';\nconst first = createServer().listen(0, () => {\n  createServer().listen(first.address().port);\n});\n`,
    }),
    command: (v) => `node ${v.file(1)}.mjs`,
  },
  {
    name: 'node: not a function',
    toolchain: 'node',
    needs: ['node'],
    files: (v) => ({
      [`${v.file(1)}.mjs`]: `${pad(v, 1)}const ${v.id(1)} = { ${v.id(2)}: ${v.number(1)} };\n${v.id(1)}.${v.id(2)}();\n`,
    }),
    command: (v) => `node ${v.file(1)}.mjs`,
  },
  {
    name: 'node: rejected promise',
    toolchain: 'node',
    needs: ['node'],
    files: (v) => ({
      [`${v.file(1)}.mjs`]: `${pad(v, 1)}class QuotaError extends Error { name = 'QuotaError'; }\nasync function ${v.id(1)}() {\n  throw new QuotaError('quota of ${v.number(1)} exceeded for "${v.id(2)}"');\n}\nawait ${v.id(1)}();\n`,
    }),
    command: (v) => `node ${v.file(1)}.mjs`,
  },
  {
    name: 'node:test: strict equality',
    toolchain: 'node:test',
    needs: ['node'],
    files: (v) => {
      const [one, other] = twoNumbers(v, 1);
      return {
        'package.json': PACKAGE,
        [`test/${v.file(1)}.test.js`]: `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n${pad(v, 1)}${v.order(
          [
            `test('${v.id(1)} works', () => assert.ok(true));\n`,
            `test('${v.id(2)} adds up', () => assert.equal(${one}, ${other}));\n`,
          ],
        )}`,
      };
    },
    command: () => 'node --test',
  },
  {
    name: 'node:test: deep equality',
    toolchain: 'node:test',
    needs: ['node'],
    files: (v) => ({
      'package.json': PACKAGE,
      [`test/${v.file(1)}.test.js`]: `import assert from 'node:assert/strict';\nimport { describe, it } from 'node:test';\n${pad(v, 1)}describe('${v.id(3)}', () => {\n  it('${v.id(2)}', () => assert.deepEqual({ ${v.id(4)}: ${v.number(1)} }, { ${v.id(4)}: [] }));\n});\n`,
    }),
    command: (v) => `node --test test/${v.file(1)}.test.js`,
  },
  {
    name: 'node:test: thrown in the code under test',
    toolchain: 'node:test',
    needs: ['node'],
    files: (v) => ({
      'package.json': `${JSON.stringify({ name: v.file(3), private: true, type: 'module', scripts: { test: 'node --test' } })}\n`,
      [`src/${v.file(1)}.js`]: `${pad(v, 2)}export const ${v.id(1)} = (list) => list.${v.id(2)}.map((x) => x);\n`,
      [`test/${v.file(1)}.test.js`]: `import { test } from 'node:test';\nimport { ${v.id(1)} } from '../src/${v.file(1)}.js';\n${pad(v, 1)}test('${v.id(3)}', () => ${v.id(1)}({}));\n`,
    }),
    command: () => 'npm test',
  },
  {
    name: 'node:test: assert.throws sees nothing thrown',
    toolchain: 'node:test',
    needs: ['node'],
    files: (v) => ({
      'package.json': PACKAGE,
      [`${v.file(1)}.test.js`]: `import assert from 'node:assert';\nimport { test } from 'node:test';\n${pad(v, 1)}test('${v.id(3)}', () => assert.throws(() => ${v.number(2)}));\n`,
    }),
    command: () => 'node --test --test-reporter=tap',
  },
  {
    name: 'vitest: toBe',
    toolchain: 'vitest',
    needs: ['vitest'],
    files: (v) => {
      const [one, other] = twoNumbers(v, 1);
      return {
        'package.json': PACKAGE,
        [`tests/${v.file(1)}.test.ts`]: `import { expect, it } from 'vitest';\n${pad(v, 1)}${v.order([
          `it('${v.id(1)} holds', () => expect(true).toBe(true));\n`,
          `it('${v.id(2)} adds up', () => expect(${one}).toBe(${other}));\n`,
        ])}`,
      };
    },
    command: () => 'vitest run',
  },
  {
    name: 'vitest: toContain',
    toolchain: 'vitest',
    needs: ['vitest'],
    files: (v) => ({
      'package.json': PACKAGE,
      [`tests/${v.file(1)}.test.ts`]: `import { describe, expect, it } from 'vitest';\n${pad(v, 1)}describe('${v.id(5)}', () => {\n  it('${v.id(2)} is listed', () => expect(['${v.id(3)}', '${v.id(4)}']).toContain('${v.id(2)}'));\n});\n`,
    }),
    command: (v) => `vitest run tests/${v.file(1)}.test.ts`,
  },
  {
    name: 'vitest: thrown',
    toolchain: 'vitest',
    needs: ['vitest'],
    files: (v) => ({
      'package.json': PACKAGE,
      [`src/${v.file(1)}.ts`]: `${pad(v, 2)}export function ${v.id(1)}(list: any): number {\n  return list.${v.id(2)}();\n}\n`,
      [`tests/${v.file(1)}.test.ts`]: `import { it } from 'vitest';\nimport { ${v.id(1)} } from '../src/${v.file(1)}.ts';\n${pad(v, 1)}it('${v.id(2)}', () => void ${v.id(1)}({}));\n`,
    }),
    command: () => 'vitest run',
  },
  {
    name: 'vitest: import that does not resolve',
    toolchain: 'vitest',
    needs: ['vitest'],
    files: (v) => ({
      'package.json': PACKAGE,
      [`tests/${v.file(1)}.test.ts`]: `import { it } from 'vitest';\n${pad(v, 1)}import { ${v.id(1)} } from '../src/${v.file(4)}.ts';\nit('${v.id(2)}', () => ${v.id(1)}());\n`,
    }),
    command: () => 'vitest run 2>&1 | tail -60',
  },
  {
    name: 'jest: toBe',
    toolchain: 'jest',
    needs: ['jest'],
    files: (v) => {
      const [one, other] = twoNumbers(v, 1);
      return {
        'package.json': '{ "name": "x" }\n',
        [`${v.file(1)}.test.js`]: `${pad(v, 1)}${v.order([
          `test('${v.id(1)} holds', () => expect(true).toBe(true));\n`,
          `test('${v.id(2)} adds up', () => expect(${one}).toBe(${other}));\n`,
        ])}`,
      };
    },
    command: () => 'jest',
  },
  {
    name: 'jest: toEqual on objects',
    toolchain: 'jest',
    needs: ['jest'],
    files: (v) => ({
      'package.json': '{ "name": "x" }\n',
      [`${v.file(1)}.test.js`]: `${pad(v, 1)}describe('${v.id(4)}', () => {\n  test('${v.id(2)}', () => expect({ ${v.id(3)}: ${v.number(3)} }).toEqual({ ${v.id(3)}: 'x' }));\n});\n`,
    }),
    command: (v) => `jest ${v.file(1)}.test.js`,
  },
  {
    name: 'jest: missing module',
    toolchain: 'jest',
    needs: ['jest'],
    files: (v) => ({
      'package.json': '{ "name": "x" }\n',
      [`${moduleName(v, 1)}.test.js`]: `${pad(v, 1)}const ${v.id(1)} = require('./${v.file(4)}');\ntest('${v.id(2)}', () => ${v.id(1)}());\n`,
    }),
    command: () => 'jest',
  },
  {
    name: 'jest: thrown',
    toolchain: 'jest',
    needs: ['jest'],
    files: (v) => ({
      'package.json': '{ "name": "x" }\n',
      [`${v.file(2)}.js`]: `${pad(v, 2)}exports.${v.id(1)} = (x) => x.${v.id(3)}.${v.id(4)};\n`,
      [`${v.file(1)}.test.js`]: `const { ${v.id(1)} } = require('./${v.file(2)}');\n${pad(v, 1)}test('${v.id(2)}', () => ${v.id(1)}({}));\n`,
    }),
    command: () => 'jest',
  },
];
