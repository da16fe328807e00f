import { parse as parseToml } from 'smol-toml';

/** A repository as far as bootstrapping needs it: tracked paths, and their text when it can be had. */
export interface RepositoryFiles {
  /** Relative, with forward slashes. */
  files: readonly string[];
  /** The text of a file; undefined when it is missing, too large or no text. */
  read: (path: string) => string | undefined;
}

/** A JSON, JSONC or TOML value with nothing known about it. */
export type Table = Readonly<Record<string, unknown>>;

/** The value below these keys when it is a table; an empty one otherwise. */
export function tableAt(value: unknown, ...keys: string[]): Table {
  let now = value;
  for (const key of keys) now = isTable(now) ? now[key] : undefined;
  return isTable(now) ? now : {};
}

/** The text below a key, or undefined. */
export function textAt(table: Table, key: string): string | undefined {
  const value = table[key];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A file as JSON, comments and trailing commas allowed; an empty table when it is missing or broken. */
export function readJson({ read }: RepositoryFiles, path: string): Table {
  const text = read(path)?.replace(/^\ufeff/, '');
  if (text === undefined) return {};
  const plain = text
    .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, quoted: string | undefined) => quoted ?? '')
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, quoted: string | undefined) => quoted ?? '');
  try {
    return tableAt(JSON.parse(plain));
  } catch {
    // A configuration that is broken says nothing; its own tool will complain about it.
    return {};
  }
}

/** A file as TOML; an empty table when it is missing or broken. */
export function readToml({ read }: RepositoryFiles, path: string): Table {
  try {
    return tableAt(parseToml(read(path) ?? ''));
  } catch {
    return {};
  }
}

const LANGUAGES: Readonly<Record<string, string>> = {
  Bash: 'sh bash zsh',
  C: 'c h',
  'C#': 'cs',
  'C++': 'cc cpp cxx hpp hh hxx',
  CSS: 'css scss less',
  Clojure: 'clj cljs',
  Dart: 'dart',
  Elixir: 'ex exs',
  Erlang: 'erl',
  Go: 'go',
  HTML: 'html htm',
  Haskell: 'hs',
  Java: 'java',
  JavaScript: 'js cjs mjs jsx',
  Julia: 'jl',
  Kotlin: 'kt kts',
  Lua: 'lua',
  'Objective-C': 'm mm',
  PHP: 'php',
  Perl: 'pl pm',
  Python: 'py pyi',
  R: 'r',
  Ruby: 'rb',
  Rust: 'rs',
  SQL: 'sql',
  Scala: 'scala',
  Svelte: 'svelte',
  Swift: 'swift',
  Terraform: 'tf',
  TypeScript: 'ts cts mts tsx',
  Vue: 'vue',
  Zig: 'zig',
};

/** The languages of a repository by their share of its source files, largest first. */
export function languagesOf({ files }: RepositoryFiles): Array<{ name: string; share: number }> {
  const byEnding = new Map(
    Object.entries(LANGUAGES).flatMap(([name, endings]) => endings.split(' ').map((ending) => [ending, name] as const)),
  );
  const counts = new Map<string, number>();
  let all = 0;
  for (const path of files) {
    const name = byEnding.get(/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '');
    if (name === undefined || isForeign(path)) continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    all++;
  }
  return [...counts]
    .map(([name, count]) => ({ name, share: count / all }))
    .toSorted((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}

/** Code of others that is kept in the repository. */
function isForeign(path: string): boolean {
  return /(?:^|\/)(?:node_modules|vendor|third_party|dist|build|\.yarn)\/|\.min\.\w+$/.test(path);
}

/** What the project calls itself: its manifest, else its folder. */
export function nameOf(repository: RepositoryFiles, folder: string): string {
  const names = [
    textAt(readJson(repository, 'package.json'), 'name'),
    textAt(tableAt(readToml(repository, 'pyproject.toml'), 'project'), 'name'),
    textAt(tableAt(readToml(repository, 'pyproject.toml'), 'tool', 'poetry'), 'name'),
    textAt(tableAt(readToml(repository, 'Cargo.toml'), 'package'), 'name'),
    /^module\s+(\S+)/m.exec(repository.read('go.mod') ?? '')?.[1]?.replace(/^.*\//, ''),
    /<artifactId>([^<]+)</.exec((repository.read('pom.xml') ?? '').replace(/<parent>[\s\S]*?<\/parent>/, ''))?.[1],
    textAt(readJson(repository, 'composer.json'), 'name'),
  ];
  return inline(names.find((name) => name !== undefined) ?? folder, 80);
}

/** What the project is for: the README's first paragraph, else its manifest's description. */
export function purposeOf(repository: RepositoryFiles): string | undefined {
  const readme = repository.files.find((path) => /^readme(?:\.(?:md|markdown|rst|txt|adoc))?$/i.test(path));
  const text = (readme === undefined ? undefined : repository.read(readme)) ?? '';
  const plain = text
    .slice(0, 20_000)
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .replace(/<!--[\s\S]*?-->|```[\s\S]*?```/g, '')
    .replace(/^(.+)\n[=~^-]{3,}[ \t]*$/gm, '');
  for (const paragraph of plain.split(/\n\s*\n/)) {
    const said = paragraph
      .split('\n')
      .filter((line) => !/^\s*(?:#|\||[-=*~]{3,}|\.\. |<\/?\w|:\w+:|!\[|\[!\[|\[[^\]]*\]:)/.test(line))
      .join(' ')
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/<[^>]*>|[*_`]{1,2}(?=\S)|(?<=\S)[*_`]{1,2}/g, '')
      .replace(/^[>\s]+/, '');
    // A row of badges or links is no sentence; a short one ends like one.
    const words = /\p{L}{2,}.*\s.*\p{L}{2,}/u.test(said);
    if (words && (said.length >= 20 || /[.!?]\s*$/.test(said))) return inline(said, 400);
  }
  const described = [
    textAt(readJson(repository, 'package.json'), 'description'),
    textAt(tableAt(readToml(repository, 'pyproject.toml'), 'project'), 'description'),
    textAt(tableAt(readToml(repository, 'Cargo.toml'), 'package'), 'description'),
  ].find((text) => text !== undefined);
  return described === undefined ? undefined : inline(described, 400);
}

/** One line of somebody else's text; it must not open a comment or end a generated block. */
export function inline(text: string, limit: number): string {
  const line = text
    .replace(/[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]+/g, ' ')
    .replace(/<!-*|-*->/g, '')
    .trim();
  if (line.length <= limit) return line;
  return `${line.slice(0, limit - 1).replace(/\s+\S*$/, '')}…`;
}

/** Top folders with the number of files in them, largest first, and what lies in a folder of packages. */
export function layoutOf({ files }: RepositoryFiles): string[] {
  const counts = new Map<string, number>();
  const members = new Map<string, Set<string>>();
  for (const path of files) {
    const [top = '', second, third] = path.split('/');
    if (second === undefined || top === '.nex' || top === '.git') continue;
    counts.set(top, (counts.get(top) ?? 0) + 1);
    if (third !== undefined && /^(?:packages|apps|crates|services|libs|modules|cmd|src|plugins)$/.test(top)) {
      members.set(top, (members.get(top) ?? new Set()).add(second));
    }
  }
  const order = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const lines = order.slice(0, 14).map(([folder, count]) => {
    const inside = [...(members.get(folder) ?? [])].sort();
    const named = inside.length === 0 ? '' : `: ${inside.slice(0, 12).join(', ')}${inside.length > 12 ? ' …' : ''}`;
    return `- \`${inline(folder, 60)}/\` ${count} file${count === 1 ? '' : 's'}${inline(named, 200)}`;
  });
  if (order.length > 14) lines.push(`- … ${order.length - 14} more folders`);
  return lines;
}
