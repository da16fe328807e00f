import { type FailingProgram, pad } from './program.ts';

const TSCONFIG = `${JSON.stringify({ compilerOptions: { strict: true, noEmit: true, target: 'es2022', module: 'nodenext', types: [] }, include: ['src'] })}\n`;
const ESLINT = `export default [{ rules: { 'no-unused-vars': 'error', 'no-undef': 'error', eqeqeq: 'error' } }];\n`;
const PACKAGE = `${JSON.stringify({ name: 'x', private: true, type: 'module' })}\n`;

function tsc(name: string, code: (v: Parameters<FailingProgram['files']>[0]) => string): FailingProgram {
  return {
    name: `tsc: ${name}`,
    toolchain: 'tsc',
    needs: ['tsc'],
    files: (v) => ({
      'package.json': PACKAGE,
      'tsconfig.json': TSCONFIG,
      [`src/${v.file(1)}.ts`]: `${pad(v, 1)}${code(v)}`,
    }),
    command: () => 'tsc -p .',
  };
}

function eslint(name: string, code: (v: Parameters<FailingProgram['files']>[0]) => string): FailingProgram {
  return {
    name: `eslint: ${name}`,
    toolchain: 'eslint',
    needs: ['eslint'],
    files: (v) => ({
      'package.json': PACKAGE,
      'eslint.config.js': ESLINT,
      [`src/${v.file(1)}.js`]: `${pad(v, 1)}${code(v)}`,
    }),
    command: (v) => (v.line(1) % 2 === 0 ? 'eslint .' : 'eslint src'),
  };
}

/** Type checkers, linters and the package manager. */
export const javascriptChecks: readonly FailingProgram[] = [
  tsc('wrong type assigned', (v) => `export const ${v.id(1)}: number = '${v.id(2)}';\n`),
  tsc(
    'wrong argument',
    (v) => `function ${v.id(1)}(x: string): string {\n  return x;\n}\n${v.id(1)}(${v.number(1)});\n`,
  ),
  tsc('no such property', (v) => `const ${v.id(1)} = { ${v.id(2)}: 1 };\nexport const x = ${v.id(1)}.${v.id(3)}_;\n`),
  tsc('missing module', (v) => `import { ${v.id(1)} } from './${v.file(6)}.js';\n${v.id(1)}();\n`),
  tsc(
    'possibly undefined',
    (v) => `export function ${v.id(1)}(x?: { ${v.id(2)}: number }) {\n  return x.${v.id(2)};\n}\n`,
  ),
  tsc('syntax', (v) => `export const ${v.id(1)} = { ${v.id(2)}: ${v.number(1)};\n`),
  tsc('too few arguments', (v) => `function ${v.id(1)}(a: number, b: number) {\n  return a + b;\n}\n${v.id(1)}(1);\n`),
  eslint('unused variable', (v) => `const ${v.id(1)} = ${v.number(2)};\n`),
  eslint('undefined name', (v) => `export default ${v.id(1)}(1);\n`),
  eslint('loose equality', (v) => `export const ${v.id(1)} = (a, b) => a == b;\n`),
  eslint('syntax', (v) => `export const ${v.id(1)} = [${v.number(1)};\n`),
  {
    name: 'biome: unused variable',
    toolchain: 'biome',
    needs: ['biome'],
    files: (v) => ({
      'biome.json': `${JSON.stringify({ linter: { rules: { correctness: { noUnusedVariables: 'error' } } }, formatter: { enabled: false } })}\n`,
      [`src/${v.file(1)}.js`]: `${pad(v, 1)}export function ${v.id(3)}() {\n  const ${v.id(1)} = ${v.number(2)};\n}\n`,
    }),
    command: () => 'biome check .',
  },
  {
    name: 'prettier: not formatted',
    toolchain: 'prettier',
    needs: ['prettier'],
    files: (v) => ({ [`src/${v.file(1)}.js`]: `const   ${v.id(1)} =${v.number(1)}\n` }),
    command: () => 'prettier --check src',
  },
  {
    name: 'npm: missing script',
    toolchain: 'package manager',
    needs: ['npm'],
    files: (v) => ({ 'package.json': `${JSON.stringify({ name: v.file(2), version: '1.0.0' })}\n` }),
    command: (v) => `npm run ${v.file(1)}`,
  },
  {
    name: 'npm: broken package.json',
    toolchain: 'package manager',
    needs: ['npm'],
    files: (v) => ({ 'package.json': `{ "name": "${v.file(2)}", }\n` }),
    command: () => 'npm install --offline',
  },
];
