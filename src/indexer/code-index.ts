import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, messageOf } from '../errors.ts';
import { DamagedIndex } from './bytes.ts';
import { type Documents, openDocuments } from './documents.ts';
import type { Evidence } from './evidence.ts';
import { historyFile } from './history.ts';
import type { FileIndexer } from './index-files.ts';
import { type IndexState, readState, type SkippedFile, type Standing, stateFile } from './index-state.ts';
import { decode, isInside, readPlain, realPath } from './read-file.ts';
import type { StoredSymbol } from './stored-symbols.ts';

/** What a refresh did. */
export interface IndexReport {
  files: number;
  symbols: number;
  /** Files that were read because they are new or changed. */
  changed: number;
  /** Files that look like source and are left out, and why. */
  skipped: ReadonlyArray<{ path: string; reason: string }>;
  /** Milliseconds. */
  ms: number;
  /** What the user should know: an index that had to be built anew, a grammar that does not load. */
  notice?: string;
}

export interface IndexSummary {
  files: number;
  symbols: number;
  /** Size of the index on disk. */
  bytes: number;
  /** When it was last brought up to date, ISO. */
  updated: string;
}

export interface CodeIndexOptions {
  /** Real path of the project. */
  root: string;
  /** The `.nex` folder; made, and kept out of git, when it is not there. */
  dir: string;
  /** Folder with LANG.wasm.br. */
  grammarsDir: string;
  /** Path of web-tree-sitter.wasm. */
  treeSitterWasm: string;
  /** The program of a worker thread (`index-worker`); without it all work is done in this thread. */
  workerFile?: string;
  /** Worker threads for large builds; by default two to four, by the number of cores. Below 2: none. */
  threads?: number;
  /** False: not a git repository, do not ask. */
  git?: boolean;
}

export interface RefreshOptions {
  signal?: AbortSignal;
  /** Builds everything anew. */
  full?: boolean;
  onProgress?: (done: number, total: number) => void;
  /** How git says that the repository stands, when it was asked just now: saves asking it. Undefined: ask. */
  standing?: Standing | Promise<Standing | undefined>;
  /** The task of the query that will follow: what speaks for the files is gathered while git is waited for. */
  expecting?: string;
}

/**
 * What nex knows of a project's code. Everything is on disk below `.nex/`; queries read only the rows they need, and
 * any of these files may be deleted, damaged or written by somebody else: the index is then built anew.
 */
export interface CodeIndex {
  /**
   * Brings the index up to date. Rejects when the signal aborts, or nothing can be written; what was read until then
   * is kept, and the next refresh goes on from there.
   */
  refresh(options?: RefreshOptions): Promise<IndexReport>;
  /** What speaks for each file that could matter to a task; undefined while there is no index. */
  query(task: string): Promise<Evidence | undefined>;
  /** The definitions of a file; undefined when the index does not know it. */
  symbols(path: string): StoredSymbol[] | undefined;
  /** A project file as it is on disk now; undefined when there is none, it is no text, or it lies outside. */
  read(path: string): { bytes: Buffer; text: string } | undefined;
  /** Every indexed path, sorted; undefined while there is no index. */
  paths(): string[] | undefined;
  /**
   * The same without an index, from all paths as git would list them or else as they are listed now; undefined when
   * more than `most` files may be source.
   */
  sources(most: number, options?: { signal?: AbortSignal; listed?: readonly string[] }): Promise<string[] | undefined>;
  /** Cheap: reads one small file. Undefined when there is no usable index. */
  summary(): IndexSummary | undefined;
  /** Lets go of the open files. The index can be used again afterwards. */
  close(): void;
}

export function openCodeIndex(options: CodeIndexOptions): CodeIndex {
  const { dir } = options;
  let open: { documents: Documents; state: IndexState; gathered?: { task: string; evidence: Evidence } } | undefined;
  // As the system writes it: git writes it with other signs on Windows.
  let realRoot: string | undefined;
  // Kept from one refresh to the next: loading a grammar takes longer than parsing a file with it.
  let indexer: FileIndexer | undefined;

  function close(): void {
    open?.documents.close();
    open = undefined;
  }

  /** The index as it is on disk now; another process may have replaced it. */
  function current(): typeof open {
    if (open) return open;
    try {
      const state = readState(dir);
      if (state && !state.partial) open = { state, documents: openDocuments(dir, state) };
    } catch {
      // Damaged: the next refresh says so and builds it anew.
    }
    return open;
  }

  return {
    close,
    async refresh(refresh = {}) {
      const start = performance.now();
      prepareFolder(dir);
      close();
      const { refreshIndex } = await import('./refresh.ts');
      const indexerOf = async () => {
        const { createFileIndexer } = await import('./index-files.ts');
        indexer ??= createFileIndexer(options);
        return indexer;
      };
      const { state, documents, evidence, changed, notices } = await refreshIndex(options, refresh, indexerOf);
      // Somebody may have asked meanwhile, and opened what was there before.
      close();
      const task = refresh.expecting;
      if (documents)
        open = { state, documents, ...(evidence && task !== undefined ? { gathered: { task, evidence } } : {}) };
      return {
        files: state.files,
        symbols: state.symbols,
        changed,
        skipped: visible(state.skipped),
        ms: Math.round(performance.now() - start),
        ...(notices.length === 0 ? {} : { notice: notices.join(' ') }),
      };
    },
    async query(task) {
      const known = current();
      if (!known) return undefined;
      if (known.gathered?.task === task) return known.gathered.evidence;
      try {
        const { gatherEvidence } = await import('./evidence.ts');
        return gatherEvidence(known.documents, task);
      } catch (error) {
        if (!(error instanceof DamagedIndex)) throw error;
        // Found out only now: no index at all is better than a wrong one. The next refresh rebuilds it.
        close();
        for (const file of [stateFile(dir), historyFile(dir)]) rmSync(file, { force: true });
        return undefined;
      }
    },
    symbols(path) {
      const known = current();
      const document = known?.documents.find(path);
      if (!known || document === undefined) return undefined;
      try {
        return known.documents.symbols(document);
      } catch (error) {
        if (!(error instanceof DamagedIndex)) throw error;
        return undefined;
      }
    },
    read(path) {
      realRoot ??= realPath(options.root);
      const bytes = realRoot !== undefined && isInside(realRoot, path) ? readPlain(realRoot, path) : undefined;
      if (!bytes) return undefined;
      const text = decode(bytes);
      return text === undefined ? undefined : { bytes, text };
    },
    paths() {
      const known = current()?.documents;
      if (!known) return undefined;
      const paths: string[] = [];
      for (let document = 0; document < known.size; document++)
        if (known.isAlive(document)) paths.push(known.path(document));
      // Mostly one segment after another in the order of their paths: looking is quicker than sorting.
      return paths.every((path, at) => at === 0 || (paths[at - 1] ?? '') < path) ? paths : paths.sort();
    },
    async sources(most, { signal, listed } = {}) {
      const { inOrder, listFiles, maySource, readSource, statOf } = await import('./scanner.ts');
      const { root, git } = options;
      const list = () => listFiles(root, { ...(git === undefined ? {} : { git }), ...(signal ? { signal } : {}) });
      const found = (listed ? inOrder(listed) : await list()).filter(maySource);
      if (found.length > most) return undefined;
      return found.filter((path) => {
        const stats = statOf(root, path);
        return stats !== undefined && readSource(root, path, stats).ok;
      });
    },
    summary() {
      try {
        const state = open?.state ?? readState(dir);
        if (!state || state.partial) return undefined;
        return { files: state.files, symbols: state.symbols, bytes: state.bytes, updated: state.updated };
      } catch {
        return undefined;
      }
    },
  };
}

const visible = (skipped: readonly SkippedFile[]) =>
  skipped.filter(({ reason }) => reason !== '').map(({ path, reason }) => ({ path, reason }));

/** Makes `.nex/`, ignored by git as a whole: what is shared is for `nex init` to decide. */
function prepareFolder(dir: string): void {
  try {
    if (statSync(dir, { throwIfNoEntry: false })) return;
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw new Error(`${dir} cannot be made: ${messageOf(error)}`, { cause: error });
  }
}
