import type { Place } from './command.ts';
import { isSecretPath, isSecretPattern } from './secret-paths.ts';
import type { Word } from './word.ts';

/** What the guard needs to know of the machine. */
export interface Ground {
  /** Absolute path of the project. */
  readonly root: string;
  /** The user's home folder. */
  readonly home: string;
  /** The real path of what exists, links followed; undefined for what does not. */
  readonly realPath?: ((path: string) => string | undefined) | undefined;
}

/**
 * Where a path leads. `scratch`: below the temporary folder; `stream`: stdin, stdout, `/dev/null`;
 * `disk`: a raw device; `network`: bash's `/dev/tcp`.
 */
export type Area = 'project' | 'scratch' | 'stream' | 'disk' | 'network' | 'outside' | 'unknown';

export interface Target {
  readonly area: Area;
  /** Absolute where it is known, otherwise as written. */
  readonly path: string;
  /** Relative to the project when it lies inside: `.` is the project itself. */
  readonly inside?: string;
  /** All of a disk's or a person's files. */
  readonly everything?: 'root' | 'home';
  readonly secret: boolean;
}

/** A rule that a file of the command breaks. */
export interface PathFinding {
  readonly rule: string;
  readonly path: string;
}

const STREAMS =
  /^(?:-|\/dev\/(?:null|std(?:in|out|err)|tty|fd\/\d+|zero|full|u?random)|\/proc\/self\/fd\/\d+|&?\d+-?|&-|nul|\$null)$/i;
const DISKS =
  /^\/dev\/(?:(?:sd|hd|nvme|vd|xvd|r?disk|mmcblk|loop|md|dm-|ram|sr|nbd|zd)\w*|mapper\/.*|(?:mem|kmem|port)|block\/.*|disk\/.*)$|^\\\\\.\\(?:physicaldrive\d|[a-z]:)/i;
const TEMPORARY = /^(?:\/tmp|\/var\/tmp|\/private\/tmp|\/dev\/shm)(?:\/|$)/;
const HOMES = /^(?:\/home|\/Users|\/root|\/home\/[^/]+|\/Users\/[^/]+)$/;

/** Where a word leads when the command runs in one of these folders; the worst of them counts. */
export function locate(word: Word, bases: readonly string[], place: Place, ground: Ground): Target {
  let worst: Target | undefined;
  for (const base of bases.length > 0 ? bases : ['']) {
    const target = locateFrom(word, base, place, ground);
    if (worst === undefined || rank(target) > rank(worst)) worst = target;
  }
  return worst ?? { area: 'unknown', path: word.text, secret: false };
}

const RANKS: Readonly<Record<Area, number>> = {
  stream: 0,
  project: 1,
  scratch: 2,
  unknown: 3,
  outside: 4,
  network: 5,
  disk: 6,
};

const rank = (target: Target) => RANKS[target.area] + (target.secret ? 0.5 : 0);

function locateFrom(word: Word, base: string, place: Place, ground: Ground): Target {
  const { home } = ground;
  const { text } = word;
  const written = text.replace(/\/+/g, '/');
  if (STREAMS.test(written)) return { area: 'stream', path: written, secret: false };
  if (/^\/dev\/(?:tcp|udp)\//.test(written)) return { area: 'network', path: written, secret: false };
  if (DISKS.test(word.certain ? written : `${word.head}x`)) return { area: 'disk', path: written, secret: false };
  const named = word.glob ? isSecretPattern(written) : isSecretPath(written);
  const known = knownPart(word);
  if (known === '') return { area: 'unknown', path: written, secret: named };
  const path = absolute(known, base, ground);
  if (path === undefined)
    return {
      area: known.startsWith('~') ? 'outside' : 'unknown',
      path: written,
      secret: named,
      ...everythingOf(written, ground),
    };
  const secret = named || isSecretPath(path);
  const everything = everythingOf(word.glob || !word.certain ? spread(written, base, home) : path, ground);
  if (place === 'container') return { area: 'scratch', path, secret, ...everything };
  if (place === 'remote')
    return { area: isScratch(path, known, base, ground) ? 'scratch' : 'outside', path, secret, ...everything };
  const inside = below(path, ground.root);
  if (inside === undefined)
    return { area: isScratch(path, known, base, ground) ? 'scratch' : 'outside', path, secret, ...everything };
  const real = ground.realPath && followLinks(path, ground.realPath);
  if (real === undefined) return { area: 'project', path, inside, secret, ...everything };
  const realInside = below(real, ground.realPath?.(ground.root) ?? ground.root);
  const realSecret = secret || isSecretPath(real);
  if (realInside === undefined) return { area: 'outside', path: real, secret: realSecret };
  return { area: 'project', path: real, inside: realInside, secret: realSecret, ...everything };
}

/** The part of a word that is sure to come first: all of it, or the folder before what is unknown. */
function knownPart({ text, certain, head, glob }: Word): string {
  if (certain && !glob) return text;
  // Up again behind what is unknown: that may lead anywhere.
  if (!certain && /(?:^|\/)\.\.(?:\/|$)/.test(text.slice(head.length))) return '';
  let first = certain ? text : head;
  const star = glob ? first.search(/[*?[]/) : -1;
  if (star !== -1) first = first.slice(0, star);
  if (first === '') return certain ? '.' : '';
  const slash = first.lastIndexOf('/');
  return slash === -1 ? (/^~/.test(first) ? first : '.') : first.slice(0, slash + 1);
}

function absolute(written: string, base: string, { home, root }: Ground): string | undefined {
  const path = /^[A-Za-z]:[\\/]/.test(root) ? written.replaceAll('\\', '/') : written;
  if (path === '~' || path.startsWith('~/')) return normalize(`${home}/${path.slice(2)}`);
  if (path.startsWith('~')) return undefined;
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return normalize(path);
  return base === '' ? undefined : normalize(`${base}/${path}`);
}

/** Without `.`, `..`, doubled and final slashes. */
export function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return /^[A-Za-z]:/.test(parts[0] ?? '') ? parts.join('/') : `/${parts.join('/')}`;
}

/** The path relative to a folder; undefined when it lies elsewhere. By segment: `/app-old` is not in `/app`. */
function below(path: string, folder: string): string | undefined {
  const base = normalize(folder);
  if (path === base) return '.';
  const prefix = base === '/' ? '/' : `${base}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

// The deepest part that exists decides; what does not exist yet cannot be a link.
function followLinks(path: string, realPath: (path: string) => string | undefined): string | undefined {
  let existing = path;
  for (;;) {
    const real = realPath(existing);
    if (real !== undefined) return normalize(`${real}/${path.slice(existing.length)}`);
    const slash = existing.lastIndexOf('/');
    if (slash <= 0) return undefined;
    existing = existing.slice(0, slash);
  }
}

// What other programs keep there for themselves, and the folder that the project lies in, are no scratch.
const OTHERS = /^\/(?:private\/)?(?:var\/)?tmp\/(?:\.(?:X11|ICE|XIM|font)-unix|ssh-|systemd-private-|tmux-)/;

function isScratch(path: string, written: string, base: string, { root, home }: Ground): boolean {
  // `../x` of a project that itself lies there is a neighbour, `cd /tmp; touch x` is not.
  const meant = /^[/~]/.test(written) || (TEMPORARY.test(base) && !TEMPORARY.test(root));
  if (!TEMPORARY.test(path) || !meant || OTHERS.test(path)) return false;
  // A home is one wherever it lies.
  if (normalize(home).replace(TEMPORARY, '') !== '' && below(path, home) !== undefined) return false;
  const bare = path.replace(TEMPORARY, '');
  return bare === '' || !normalize(root).startsWith(`${path}/`);
}

/** A pattern with the folder that it is looked for in: `*` in the home folder is all of it. */
function spread(written: string, base: string, home: string): string {
  if (/^(?:\/|[A-Za-z]:)/.test(written)) return written;
  if (written.startsWith('~/')) return `${home}${written.slice(1)}`;
  return base === '' ? written : `${base === '/' ? '' : base}/${written}`;
}

function everythingOf(path: string, { home }: Ground): { everything?: 'root' | 'home' } {
  const bare = path.replace(/\/(?:\.?\*|\.\.?|\{.*)?$/, '').replace(/\/\.\[.*$/, '');
  if (bare === '' || /^\/+\.?$/.test(path) || /^[A-Za-z]:[\\/]?\*?$/.test(path))
    return path === '' ? {} : { everything: 'root' };
  if (/^~\/?$/.test(bare) || HOMES.test(bare) || bare === normalize(home)) return { everything: 'home' };
  return {};
}
