import { type ErrorType, type Finding, frameOf, kindOf, type Toolchain } from './toolchain.ts';

export const tsc: Toolchain = {
  name: 'tsc',
  language: 'typescript',
  programs: ['tsc', 'vue-tsc', 'tsc -b'],
  marks: /\berror TS\d+: |^Found \d+ errors? in /m,
  read: (lines) =>
    lines.flatMap((line): Finding[] => {
      const [, path, at1, at2, code = '', message = ''] =
        /^(?:(.+?)(?:\((\d+),\d+\)|:(\d+):\d+)(?:: | - ))?error (TS\d+): (.*)$/.exec(line) ?? [];
      if (code === '') return [];
      return [
        {
          errorType: kindOfCode(code),
          headline: `${code}: ${message}`,
          frame: frameOf(path, at1 ?? at2),
        },
      ];
    }),
};

function kindOfCode(code: string): ErrorType {
  if (/^TS1\d{3}$/.test(code)) return 'syntax';
  return /^TS(?:2305|2306|2307|2614|2724|2792|2834|2835|6053|7016)$/.test(code) ? 'import' : 'type';
}

export const eslint: Toolchain = {
  name: 'eslint',
  language: 'javascript',
  programs: ['eslint', 'npm lint', 'oxlint', 'standard', 'xo'],
  marks: /^✖ \d+ problems? \(\d+ errors?/m,
  read(lines) {
    const found: Finding[] = [];
    let file: string | undefined;
    for (const line of lines) {
      if (/^(?:\/|[A-Z]:\\|\.{0,2}[\w@-])\S*\.\w+$/.test(line)) file = line;
      const [, at, message = '', rule] = /^\s+(\d+):\d+\s+error\s+(.*?)(?:\s{2,}(\S+))?$/.exec(line) ?? [];
      if (at === undefined) continue;
      const broken = message.startsWith('Parsing error');
      found.push({
        errorType: broken ? 'syntax' : 'lint',
        headline: rule === undefined ? message : `${message} (${rule})`,
        exact: broken ? undefined : rule,
        frame: frameOf(file, at),
      });
    }
    return found;
  },
};

export const biome: Toolchain = {
  name: 'biome',
  language: 'javascript',
  programs: ['biome', 'biome check', 'biome lint', 'biome ci', 'biome format'],
  marks: /^(?:Checked|Formatted) \d+ files? in /m,
  read(lines) {
    const found: Finding[] = [];
    lines.forEach((line, index) => {
      const [, path, at, category] =
        /^(\S+?)(?::(\d+):\d+)? ((?:lint|assist|suppressions)\/\S+|parse|format|organizeImports)\b/.exec(line) ?? [];
      const message = lines.slice(index + 1, index + 4).find((next) => /^\s+[×✖] /.test(next));
      if (category === undefined || message === undefined) return;
      found.push({
        errorType: category === 'parse' ? 'syntax' : 'lint',
        headline: `${message.trim().slice(2)} (${category})`,
        exact: category === 'parse' ? undefined : category,
        shape: message.trim().slice(2),
        frame: frameOf(path, at),
      });
    });
    return found;
  },
};

export const prettier: Toolchain = {
  name: 'prettier',
  programs: ['prettier'],
  marks: /Code style issues (?:found|were found)/,
  read(lines) {
    const files = lines.flatMap((line) => /^\[(?:warn|error)\] (\S+\.\w+)(?::.*)?$/.exec(line)?.[1] ?? []);
    const broken = lines.find((line) => /^\[error\] .*SyntaxError: /.test(line));
    if (broken !== undefined) {
      return [
        {
          errorType: 'syntax',
          headline: broken.replace(/^\[error\] /, ''),
          shape: broken.replace(/^.*?SyntaxError/, 'SyntaxError'),
        },
      ];
    }
    if (!lines.some((line) => prettier.marks.test(line))) return [];
    return [
      {
        errorType: 'lint',
        headline: `not formatted: ${files.join(', ')}`,
        exact: 'not formatted',
        frame: frameOf(files[0], 1),
      },
    ];
  },
};

/** npm, pnpm and yarn themselves; what their scripts run is read by the tools above. */
export const packageManager: Toolchain = {
  name: 'package manager',
  language: 'javascript',
  programs: ['npm install', 'npm ci', 'npm i', 'pnpm install', 'yarn install', 'yarn add', 'npm add', 'bun install'],
  marks:
    /^npm (?:error|ERR!) (?:code |Missing script)|^ ?ERR_PNPM_|^error (?:An unexpected error|Couldn't find package|Command "[^"]*" not found)/m,
  read(lines) {
    const said = lines.flatMap((line) => /^npm (?:error|ERR!) (.*)$/.exec(line)?.[1] ?? []);
    const code = said.find((text) => /^code [A-Z0-9]+$/.test(text))?.slice(5);
    const first =
      said.find(
        (text) =>
          !/^(?:code|errno|path|command|signal|syscall|dest|type|lifecycle|workspace|location) /.test(text) &&
          text.trim() !== '',
      ) ?? lines.find((line) => packageManager.marks.test(line))?.trim();
    if (first === undefined || code === 'ELIFECYCLE' || /^Lifecycle script/.test(first)) return [];
    const message = first.replace(/^\d{3} /, '');
    const headline = code === undefined ? message : `${code}: ${message}`;
    // A failed lookup names the package in many ways; its code is what stays.
    const shape = code === undefined ? message : /^E\d{3}$|^ERESOLVE$/.test(code) ? code : headline;
    return [{ errorType: kindOf(headline, 'environment'), headline, shape }];
  },
};
